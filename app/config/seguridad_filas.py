"""Qué puede hacer el rol de la aplicación con cada tabla, y la política de fila que la encierra."""

ORGANIZACION = "organizacion_id"
EXPRESION = "nullif(current_setting('app.organizacion_id', true), '')::uuid"

# fmt: off
# Tabla -> operaciones permitidas (L leer, C crear, E editar, B borrar) y columna de organización (None: compartida).
TABLAS: dict[str, tuple[str, str | None]] = {
    "adjuntos":            ("LCE",  ORGANIZACION),
    "administraciones":    ("LCE",  ORGANIZACION),
    "alergias":            ("LCE",  ORGANIZACION),
    "alertas":             ("LCE",  ORGANIZACION),
    "auditoria":           ("L",    ORGANIZACION),
    "auditoria_cadenas":   ("L",    ORGANIZACION),
    "autorizados":         ("LCE",  ORGANIZACION),
    "busqueda_claves":     ("LCB",  ORGANIZACION),
    "busqueda_pacientes":  ("LCE",  ORGANIZACION),
    "buzon_salida":        ("LCE",  ORGANIZACION),
    "citas":               ("LCE",  ORGANIZACION),
    "citas_cambios":       ("LC",   ORGANIZACION),
    "citas_pacientes":     ("LCEB", ORGANIZACION),
    "citas_recursos":      ("LCB",  ORGANIZACION),
    "claves_firma":        ("L",    None),
    "clientes":            ("LCE",  ORGANIZACION),
    "comunicaciones_antibiotico": ("LCE", ORGANIZACION),
    "consentimientos_datos": ("LC", ORGANIZACION),
    "constantes":          ("LCE",  ORGANIZACION),
    "consultas":           ("LCE",  ORGANIZACION),
    "contadores":          ("LCE",  ORGANIZACION),
    "datos_bloqueados":    ("LCB",  ORGANIZACION),
    "dispensaciones":      ("LC",   ORGANIZACION),
    "diagnosticos":        ("LCE",  ORGANIZACION),
    "desparasitaciones":   ("LCE",  ORGANIZACION),
    "enlaces":             ("LCEB", ORGANIZACION),
    "enmiendas":           ("LC",   ORGANIZACION),
    "especies":            ("L",    None),
    "excepciones_horario": ("LCEB", ORGANIZACION),
    "horarios":            ("LCEB", ORGANIZACION),
    "idempotencia":        ("LCEB", ORGANIZACION),
    "integraciones":       ("LCE",  ORGANIZACION),
    "integraciones_sedes": ("LCB",  ORGANIZACION),
    "intentos_acceso":     ("LCEB", None),
    "lineas_dispensacion": ("LC",   ORGANIZACION),
    "lineas_receta":       ("LCEB", ORGANIZACION),
    "lista_espera":        ("LCE",  ORGANIZACION),
    "medicamentos":        ("LCE",  ORGANIZACION),
    "medicamentos_principios": ("LCEB", ORGANIZACION),
    "ocupaciones":         ("LCEB", ORGANIZACION),
    "organizaciones":      ("LE",   "id"),
    "pacientes":           ("LCE",  ORGANIZACION),
    "palabras":            ("LC",   ORGANIZACION),
    "pesos":               ("LCE",  ORGANIZACION),
    "principios_activos":  ("LCE",  ORGANIZACION),
    "problemas":           ("LCE",  ORGANIZACION),
    "productos":           ("LCE",  ORGANIZACION),
    "productos_vacuna":    ("LCE",  ORGANIZACION),
    "profesionales":       ("LCE",  ORGANIZACION),
    "protocolos_vacunales": ("LCE", ORGANIZACION),
    "razas":               ("L",    None),
    "recetas":             ("LCE",  ORGANIZACION),
    "recursos":            ("LCE",  ORGANIZACION),
    "registro_controlados": ("LC", ORGANIZACION),
    "reglas_alerta":       ("LCE",  ORGANIZACION),
    "renovaciones":        ("LCEB", ORGANIZACION),
    "requisitos_territoriales": ("LCE", ORGANIZACION),
    "sedes":               ("LCE",  ORGANIZACION),
    "sesiones":            ("LCEB", ORGANIZACION),
    "sucesos_adversos":    ("LCE",  ORGANIZACION),
    "sistemas_codificacion": ("LCE", ORGANIZACION),
    "tareas":              ("LCE",  ORGANIZACION),
    "tipos_cita":          ("LCE",  ORGANIZACION),
    "titularidades":       ("LCE",  ORGANIZACION),
    "usuarios":            ("LCE",  ORGANIZACION),
    "usuarios_sedes":      ("LCB",  ORGANIZACION),
    "vacunaciones":        ("LCE",  ORGANIZACION),
    "vacunaciones_protocolos": ("LCB", ORGANIZACION),
}
# fmt: on
_OPERACIONES = {"L": "SELECT", "C": "INSERT", "E": "UPDATE", "B": "DELETE"}


def sentencias(tablas: dict[str, tuple[str, str | None]] = TABLAS) -> list[str]:
    """Las órdenes SQL que conceden permisos y encierran cada tabla en su organización."""
    salida = ["GRANT USAGE ON SCHEMA public TO servet_app", "GRANT SELECT ON alembic_version TO servet_app"]
    for tabla, (operaciones, columna) in tablas.items():
        permisos = ", ".join(_OPERACIONES[letra] for letra in operaciones)
        salida.append(f"GRANT {permisos} ON {tabla} TO servet_app")
        if columna:
            salida.append(f"ALTER TABLE {tabla} ENABLE ROW LEVEL SECURITY")
            salida.append(
                f"CREATE POLICY {tabla}_organizacion ON {tabla} TO servet_app "
                f"USING ({columna} = {EXPRESION}) WITH CHECK ({columna} = {EXPRESION})"
            )
    return salida
