"""La política de acceso, entera y en una tabla: permiso × rol → alcance."""

from enum import Enum, IntEnum, StrEnum


class Rol(StrEnum):
    """Quién usa el sistema."""

    ADMINISTRADOR = "administrador"
    VETERINARIO = "veterinario"
    AUXILIAR = "auxiliar"
    RECEPCION = "recepcion"
    CLIENTE = "cliente"
    INTEGRACION = "integracion"


class Alcance(IntEnum):
    """Hasta dónde llega un permiso; al reunir varios roles gana el mayor."""

    NADA = 0
    PROPIO = 1
    SEDES = 2
    TODO = 3


class Permiso(StrEnum):
    """Lo que una ruta puede exigir, por orden alfabético."""

    ADJUNTOS_CLINICOS = "adjuntos:clinicos"
    ADJUNTOS_CREAR = "adjuntos:crear"
    ADJUNTOS_ELIMINAR = "adjuntos:eliminar"
    ADJUNTOS_LEER = "adjuntos:leer"
    ADJUNTOS_PUBLICAR = "adjuntos:publicar"
    ADMINISTRACIONES_CREAR = "administraciones:crear"
    ADMINISTRACIONES_LEER = "administraciones:leer"
    AGENDA_CREAR = "agenda:crear"
    AGENDA_EDITAR = "agenda:editar"
    AGENDA_ELIMINAR = "agenda:eliminar"
    AGENDA_LEER = "agenda:leer"
    ALERGIAS_LEER = "alergias:leer"
    ALERTAS_CREAR = "alertas:crear"
    ALERTAS_EDITAR = "alertas:editar"
    ALERTAS_LEER = "alertas:leer"
    ALERTAS_MEDICACION_EVALUAR = "alertas_medicacion:evaluar"
    ALERTAS_MEDICACION_JUSTIFICAR = "alertas_medicacion:justificar"
    ANTIBIOTICOS_EXPORTAR = "antibioticos:exportar"
    ANTIBIOTICOS_LEER = "antibioticos:leer"
    AUDITORIA_LEER = "auditoria:leer"
    AUTORIZADOS_EDITAR = "autorizados:editar"
    CALCULOS_HACER = "calculos:hacer"
    CATALOGOS_LEER = "catalogos:leer"
    CITAS_CANCELAR = "citas:cancelar"
    CITAS_CREAR = "citas:crear"
    CITAS_EDITAR = "citas:editar"
    CITAS_FORZAR = "citas:forzar"
    CITAS_GESTIONAR = "citas:gestionar"
    CITAS_LEER = "citas:leer"
    CLIENTES_ANONIMIZAR = "clientes:anonimizar"
    CLIENTES_ANOTAR = "clientes:anotar"
    CLIENTES_CREAR = "clientes:crear"
    CLIENTES_EDITAR = "clientes:editar"
    CLIENTES_ELIMINAR = "clientes:eliminar"
    CLIENTES_EXPORTAR = "clientes:exportar"
    CLIENTES_FUSIONAR = "clientes:fusionar"
    CLIENTES_LEER = "clientes:leer"
    CLIENTES_PORTAL = "clientes:portal"
    CONSENTIMIENTOS_CREAR = "consentimientos:crear"
    CONSTANTES_CREAR = "constantes:crear"
    CONSULTAS_CREAR = "consultas:crear"
    CONSULTAS_EDITAR = "consultas:editar"
    CONSULTAS_GESTIONAR = "consultas:gestionar"
    CONSULTAS_LEER = "consultas:leer"
    CONSULTAS_VER = "consultas:ver"
    CONTROLADOS_CREAR = "controlados:crear"
    CONTROLADOS_LEER = "controlados:leer"
    CUENTA_LEER = "cuenta:leer"
    CUENTA_PROPIA = "cuenta:propia"
    DESPARASITACIONES_ANULAR = "desparasitaciones:anular"
    DESPARASITACIONES_CREAR = "desparasitaciones:crear"
    DESPARASITACIONES_LEER = "desparasitaciones:leer"
    DIAGNOSTICOS_EDITAR = "diagnosticos:editar"
    DIAGNOSTICOS_LEER = "diagnosticos:leer"
    DISPONIBILIDAD_LEER = "disponibilidad:leer"
    ENMIENDAS_CREAR = "enmiendas:crear"
    ENMIENDAS_LEER = "enmiendas:leer"
    INTEGRACIONES_GESTIONAR = "integraciones:gestionar"
    LISTA_ESPERA_CREAR = "lista_espera:crear"
    LISTA_ESPERA_EDITAR = "lista_espera:editar"
    LISTA_ESPERA_ELIMINAR = "lista_espera:eliminar"
    LISTA_ESPERA_LEER = "lista_espera:leer"
    LISTA_ESPERA_RESPONDER = "lista_espera:responder"
    MEDICAMENTOS_EDITAR = "medicamentos:editar"
    MEDICAMENTOS_LEER = "medicamentos:leer"
    ORGANIZACION_EDITAR = "organizacion:editar"
    ORGANIZACION_LEER = "organizacion:leer"
    PACIENTES_CREAR = "pacientes:crear"
    PACIENTES_EDITAR = "pacientes:editar"
    PACIENTES_ELIMINAR = "pacientes:eliminar"
    PACIENTES_LEER = "pacientes:leer"
    PACIENTES_REVERTIR = "pacientes:revertir"
    PACIENTES_VALIDAR = "pacientes:validar"
    PESOS_CREAR = "pesos:crear"
    PRODUCTOS_EDITAR = "productos:editar"
    PRODUCTOS_ELIMINAR = "productos:eliminar"
    PRODUCTOS_LEER = "productos:leer"
    PROTOCOLOS_EDITAR = "protocolos:editar"
    PROTOCOLOS_LEER = "protocolos:leer"
    RECETAS_CREAR = "recetas:crear"
    RECETAS_EDITAR = "recetas:editar"
    RECETAS_LEER = "recetas:leer"
    SEDES_EDITAR = "sedes:editar"
    SEDES_LEER = "sedes:leer"
    SISTEMAS_EDITAR = "sistemas_codificacion:editar"
    SISTEMAS_LEER = "sistemas_codificacion:leer"
    SUCESOS_CREAR = "sucesos_adversos:crear"
    SUCESOS_EDITAR = "sucesos_adversos:editar"
    SUCESOS_ELIMINAR = "sucesos_adversos:eliminar"
    SUCESOS_LEER = "sucesos_adversos:leer"
    TAREAS_LEER = "tareas:leer"
    TAREAS_REALIZAR = "tareas:realizar"
    TITULARES_CAMBIAR = "titulares:cambiar"
    USUARIOS_GESTIONAR = "usuarios:gestionar"
    USUARIOS_LEER = "usuarios:leer"
    VACUNACIONES_CREAR = "vacunaciones:crear"
    VACUNACIONES_EDITAR = "vacunaciones:editar"
    VACUNACIONES_LEER = "vacunaciones:leer"


class Acceso(Enum):
    """Rutas que no dependen de un permiso concreto; también hay que declararlas."""

    PUBLICO = "publico"


T, S, P, N = Alcance.TODO, Alcance.SEDES, Alcance.PROPIO, Alcance.NADA

CUALQUIERA = "*"

# La última columna es el ámbito que una integración necesita; None: ninguna integración puede; «*»: todas.
# fmt: off
POLITICA: dict[Permiso, tuple[Alcance, Alcance, Alcance, Alcance, Alcance, str | None]] = {
    #                                      administrador veterinario auxiliar recepcion cliente integracion
    Permiso.ADJUNTOS_CLINICOS:             (N,            S,          S,       N,        N,      None),
    Permiso.ADJUNTOS_CREAR:                (N,            S,          S,       S,        P,      "adjuntos:escribir"),
    Permiso.ADJUNTOS_ELIMINAR:             (N,            S,          N,       N,        N,      None),
    Permiso.ADJUNTOS_LEER:                 (T,            S,          S,       S,        P,      None),
    Permiso.ADJUNTOS_PUBLICAR:             (N,            S,          N,       N,        N,      None),
    Permiso.ADMINISTRACIONES_CREAR:        (N,            S,          N,       N,        N,      None),
    Permiso.ADMINISTRACIONES_LEER:         (T,            S,          S,       N,        N,      None),
    Permiso.AGENDA_CREAR:                  (T,            N,          N,       N,        N,      None),
    Permiso.AGENDA_EDITAR:                 (T,            P,          N,       N,        N,      None),
    Permiso.AGENDA_ELIMINAR:               (T,            N,          N,       N,        N,      None),
    Permiso.AGENDA_LEER:                   (T,            T,          T,       T,        N,      "agenda:leer"),
    Permiso.ALERGIAS_LEER:                 (T,            T,          T,       T,        P,      "pacientes:leer"),
    Permiso.ALERTAS_CREAR:                 (N,            T,          T,       N,        N,      None),
    Permiso.ALERTAS_EDITAR:                (N,            T,          N,       N,        N,      None),
    Permiso.ALERTAS_LEER:                  (T,            T,          T,       T,        N,      "pacientes:leer"),
    Permiso.ALERTAS_MEDICACION_EVALUAR:    (T,            S,          S,       N,        N,      None),
    Permiso.ALERTAS_MEDICACION_JUSTIFICAR: (N,            T,          N,       N,        N,      None),
    Permiso.ANTIBIOTICOS_EXPORTAR:         (T,            S,          N,       N,        N,      None),
    Permiso.ANTIBIOTICOS_LEER:             (T,            S,          N,       N,        N,      None),
    Permiso.AUDITORIA_LEER:                (T,            N,          N,       N,        N,      None),
    Permiso.AUTORIZADOS_EDITAR:            (T,            S,          N,       S,        N,      "clientes:escribir"),
    Permiso.CALCULOS_HACER:                (T,            T,          T,       T,        N,      None),
    Permiso.CATALOGOS_LEER:                (T,            T,          T,       T,        T,      "sedes:leer"),
    Permiso.CITAS_CANCELAR:                (S,            S,          S,       S,        P,      "citas:escribir"),
    Permiso.CITAS_CREAR:                   (S,            S,          S,       S,        P,      "citas:escribir"),
    Permiso.CITAS_EDITAR:                  (S,            S,          S,       S,        N,      "citas:escribir"),
    Permiso.CITAS_FORZAR:                  (S,            N,          N,       S,        N,      None),
    Permiso.CITAS_GESTIONAR:               (S,            S,          S,       S,        N,      None),
    Permiso.CITAS_LEER:                    (S,            S,          S,       S,        P,      "citas:leer"),
    Permiso.CLIENTES_ANONIMIZAR:           (T,            N,          N,       N,        N,      None),
    Permiso.CLIENTES_ANOTAR:               (T,            S,          S,       S,        N,      None),
    Permiso.CLIENTES_CREAR:                (T,            S,          N,       S,        N,      "clientes:escribir"),
    Permiso.CLIENTES_EDITAR:               (T,            S,          N,       S,        P,      "clientes:escribir"),
    Permiso.CLIENTES_ELIMINAR:             (T,            N,          N,       N,        N,      None),
    Permiso.CLIENTES_EXPORTAR:             (T,            N,          N,       N,        P,      None),
    Permiso.CLIENTES_FUSIONAR:             (T,            T,          N,       T,        N,      None),
    Permiso.CLIENTES_LEER:                 (T,            S,          S,       S,        P,      "clientes:leer"),
    Permiso.CLIENTES_PORTAL:               (T,            N,          N,       T,        N,      None),
    Permiso.CONSENTIMIENTOS_CREAR:         (T,            T,          T,       T,        P,      None),
    Permiso.CONSTANTES_CREAR:              (N,            S,          S,       N,        N,      None),
    Permiso.CONSULTAS_CREAR:               (N,            S,          N,       N,        N,      None),
    Permiso.CONSULTAS_EDITAR:              (N,            S,          S,       N,        N,      None),
    Permiso.CONSULTAS_GESTIONAR:           (N,            S,          N,       N,        N,      None),
    Permiso.CONSULTAS_LEER:                (N,            S,          S,       N,        N,      "consultas:leer"),
    Permiso.CONSULTAS_VER:                 (T,            S,          S,       S,        P,      "consultas:leer"),
    Permiso.CONTROLADOS_CREAR:             (N,            S,          N,       N,        N,      None),
    Permiso.CONTROLADOS_LEER:              (T,            S,          S,       N,        N,      None),
    Permiso.CUENTA_LEER:                   (T,            T,          T,       T,        T,      CUALQUIERA),
    Permiso.CUENTA_PROPIA:                 (T,            T,          T,       T,        T,      None),
    Permiso.DESPARASITACIONES_ANULAR:      (N,            S,          N,       N,        N,      None),
    Permiso.DESPARASITACIONES_CREAR:       (N,            S,          S,       S,        N,      None),
    Permiso.DESPARASITACIONES_LEER:        (T,            S,          S,       S,        P,      "vacunas:leer"),
    Permiso.DIAGNOSTICOS_EDITAR:           (N,            S,          N,       N,        N,      None),
    Permiso.DIAGNOSTICOS_LEER:             (N,            S,          S,       N,        P,      "consultas:leer"),
    Permiso.DISPONIBILIDAD_LEER:           (T,            T,          T,       T,        T,      "agenda:leer"),
    Permiso.ENMIENDAS_CREAR:               (N,            S,          N,       N,        N,      None),
    Permiso.ENMIENDAS_LEER:                (N,            S,          N,       N,        P,      None),
    Permiso.INTEGRACIONES_GESTIONAR:       (T,            N,          N,       N,        N,      None),
    Permiso.LISTA_ESPERA_CREAR:            (S,            S,          S,       S,        P,      "citas:escribir"),
    Permiso.LISTA_ESPERA_EDITAR:           (S,            S,          S,       S,        N,      "citas:escribir"),
    Permiso.LISTA_ESPERA_ELIMINAR:         (S,            S,          S,       S,        P,      "citas:escribir"),
    Permiso.LISTA_ESPERA_LEER:             (S,            S,          S,       S,        P,      "citas:escribir"),
    Permiso.LISTA_ESPERA_RESPONDER:        (S,            S,          S,       S,        P,      "citas:escribir"),
    Permiso.MEDICAMENTOS_EDITAR:           (T,            T,          N,       N,        N,      None),
    Permiso.MEDICAMENTOS_LEER:             (T,            T,          T,       T,        N,      "inventario:leer"),
    Permiso.ORGANIZACION_EDITAR:           (T,            N,          N,       N,        N,      None),
    Permiso.ORGANIZACION_LEER:             (T,            T,          T,       T,        T,      "sedes:leer"),
    Permiso.PACIENTES_CREAR:               (T,            S,          S,       S,        P,      "pacientes:escribir"),
    Permiso.PACIENTES_EDITAR:              (T,            S,          S,       S,        N,      "pacientes:escribir"),
    Permiso.PACIENTES_ELIMINAR:            (T,            N,          N,       N,        N,      None),
    Permiso.PACIENTES_LEER:                (T,            S,          S,       S,        P,      "pacientes:leer"),
    Permiso.PACIENTES_REVERTIR:            (T,            N,          N,       N,        N,      None),
    Permiso.PACIENTES_VALIDAR:             (T,            S,          S,       S,        N,      None),
    Permiso.PESOS_CREAR:                   (N,            S,          S,       S,        N,      "pacientes:escribir"),
    Permiso.PRODUCTOS_EDITAR:              (T,            N,          T,       N,        N,      None),
    Permiso.PRODUCTOS_ELIMINAR:            (T,            N,          N,       N,        N,      None),
    Permiso.PRODUCTOS_LEER:                (T,            T,          T,       T,        N,      "inventario:leer"),
    Permiso.PROTOCOLOS_EDITAR:             (T,            T,          N,       N,        N,      None),
    Permiso.PROTOCOLOS_LEER:               (T,            T,          T,       T,        N,      "vacunas:leer"),
    Permiso.RECETAS_CREAR:                 (N,            S,          N,       N,        N,      None),
    Permiso.RECETAS_EDITAR:                (N,            S,          N,       N,        N,      None),
    Permiso.RECETAS_LEER:                  (T,            S,          S,       S,        P,      "recetas:leer"),
    Permiso.SEDES_EDITAR:                  (T,            N,          N,       N,        N,      None),
    Permiso.SEDES_LEER:                    (T,            T,          T,       T,        T,      "sedes:leer"),
    Permiso.SISTEMAS_EDITAR:               (T,            N,          N,       N,        N,      None),
    Permiso.SISTEMAS_LEER:                 (T,            T,          T,       N,        N,      "consultas:leer"),
    Permiso.SUCESOS_CREAR:                 (N,            S,          S,       N,        N,      None),
    Permiso.SUCESOS_EDITAR:                (N,            S,          N,       N,        N,      None),
    Permiso.SUCESOS_ELIMINAR:              (N,            S,          N,       N,        N,      None),
    Permiso.SUCESOS_LEER:                  (T,            S,          S,       N,        N,      None),
    Permiso.TAREAS_LEER:                   (T,            S,          S,       S,        N,      None),
    Permiso.TAREAS_REALIZAR:               (T,            S,          S,       S,        N,      None),
    Permiso.TITULARES_CAMBIAR:             (T,            T,          N,       T,        N,      None),
    Permiso.USUARIOS_GESTIONAR:            (T,            N,          N,       N,        N,      None),
    Permiso.USUARIOS_LEER:                 (T,            T,          T,       T,        N,      None),
    Permiso.VACUNACIONES_CREAR:            (N,            S,          S,       N,        N,      None),
    Permiso.VACUNACIONES_EDITAR:           (N,            S,          N,       N,        N,      None),
    Permiso.VACUNACIONES_LEER:             (T,            S,          S,       S,        P,      "vacunas:leer"),
}
# fmt: on

# Lo que un administrador sólo puede si además se le ha dado acceso clínico (``acceso_clinico`` en su ficha).
CON_ACCESO_CLINICO = frozenset(
    {Permiso.ADJUNTOS_CLINICOS, Permiso.CONSULTAS_LEER, Permiso.DIAGNOSTICOS_LEER, Permiso.ENMIENDAS_LEER}
)

_COLUMNAS = (Rol.ADMINISTRADOR, Rol.VETERINARIO, Rol.AUXILIAR, Rol.RECEPCION, Rol.CLIENTE)
AMBITOS = sorted({fila[5] for fila in POLITICA.values() if fila[5]} - {CUALQUIERA})

if set(POLITICA) != set(Permiso):
    raise RuntimeError("Hay permisos sin fila en la política")


def alcance_de(rol: Rol, permiso: Permiso) -> Alcance:
    """Lo que un rol puede con un permiso."""
    return Alcance(POLITICA[permiso][_COLUMNAS.index(rol)])  # type: ignore[arg-type]


def permisos_de_roles(roles: frozenset[Rol], acceso_clinico: bool = False) -> dict[Permiso, Alcance]:
    """La unión de los permisos de varios roles; ``acceso_clinico`` añade al administrador la lectura clínica."""
    union = {permiso: max((alcance_de(rol, permiso) for rol in roles), default=N) for permiso in Permiso}
    if acceso_clinico and Rol.ADMINISTRADOR in roles:
        union |= dict.fromkeys(CON_ACCESO_CLINICO, T)
    return {permiso: alcance for permiso, alcance in union.items() if alcance}


def permisos_de_ambitos(ambitos: frozenset[str], con_sedes: bool) -> dict[Permiso, Alcance]:
    """Los permisos que dan los ámbitos concedidos a una integración."""
    alcance = S if con_sedes else T
    return {permiso: alcance for permiso, fila in POLITICA.items() if fila[5] in {*ambitos, CUALQUIERA}}
