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

    AGENDA_CREAR = "agenda:crear"
    AGENDA_EDITAR = "agenda:editar"
    AGENDA_ELIMINAR = "agenda:eliminar"
    AGENDA_LEER = "agenda:leer"
    ALERTAS_CREAR = "alertas:crear"
    ALERTAS_EDITAR = "alertas:editar"
    ALERTAS_LEER = "alertas:leer"
    ALERGIAS_LEER = "alergias:leer"
    AUDITORIA_LEER = "auditoria:leer"
    AUTORIZADOS_EDITAR = "autorizados:editar"
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
    CUENTA_LEER = "cuenta:leer"
    CUENTA_PROPIA = "cuenta:propia"
    DESPARASITACIONES_ANULAR = "desparasitaciones:anular"
    DESPARASITACIONES_CREAR = "desparasitaciones:crear"
    DESPARASITACIONES_LEER = "desparasitaciones:leer"
    DISPONIBILIDAD_LEER = "disponibilidad:leer"
    INTEGRACIONES_GESTIONAR = "integraciones:gestionar"
    LISTA_ESPERA_CREAR = "lista_espera:crear"
    LISTA_ESPERA_EDITAR = "lista_espera:editar"
    LISTA_ESPERA_ELIMINAR = "lista_espera:eliminar"
    LISTA_ESPERA_LEER = "lista_espera:leer"
    LISTA_ESPERA_RESPONDER = "lista_espera:responder"
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
    SEDES_EDITAR = "sedes:editar"
    SEDES_LEER = "sedes:leer"
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
    #                                administrador  veterinario  auxiliar  recepcion  cliente  integracion
    Permiso.AGENDA_CREAR:            (T,            N,           N,        N,         N,       None),
    Permiso.AGENDA_EDITAR:           (T,            P,           N,        N,         N,       None),
    Permiso.AGENDA_ELIMINAR:         (T,            N,           N,        N,         N,       None),
    Permiso.AGENDA_LEER:             (T,            T,           T,        T,         N,       "agenda:leer"),
    Permiso.ALERTAS_CREAR:           (N,            T,           T,        N,         N,       None),
    Permiso.ALERTAS_EDITAR:          (N,            T,           N,        N,         N,       None),
    Permiso.ALERTAS_LEER:            (T,            T,           T,        T,         N,       "pacientes:leer"),
    Permiso.ALERGIAS_LEER:           (T,            T,           T,        T,         P,       "pacientes:leer"),
    Permiso.AUDITORIA_LEER:          (T,            N,           N,        N,         N,       None),
    Permiso.AUTORIZADOS_EDITAR:      (T,            S,           N,        S,         N,       "clientes:escribir"),
    Permiso.CATALOGOS_LEER:          (T,            T,           T,        T,         T,       "sedes:leer"),
    Permiso.CITAS_CANCELAR:          (S,            S,           S,        S,         P,       "citas:escribir"),
    Permiso.CITAS_CREAR:             (S,            S,           S,        S,         P,       "citas:escribir"),
    Permiso.CITAS_EDITAR:            (S,            S,           S,        S,         N,       "citas:escribir"),
    Permiso.CITAS_FORZAR:            (S,            N,           N,        S,         N,       None),
    Permiso.CITAS_GESTIONAR:         (S,            S,           S,        S,         N,       None),
    Permiso.CITAS_LEER:              (S,            S,           S,        S,         P,       "citas:leer"),
    Permiso.CLIENTES_ANONIMIZAR:     (T,            N,           N,        N,         N,       None),
    Permiso.CLIENTES_ANOTAR:         (T,            S,           S,        S,         N,       None),
    Permiso.CLIENTES_CREAR:          (T,            S,           N,        S,         N,       "clientes:escribir"),
    Permiso.CLIENTES_EDITAR:         (T,            S,           N,        S,         P,       "clientes:escribir"),
    Permiso.CLIENTES_ELIMINAR:       (T,            N,           N,        N,         N,       None),
    Permiso.CLIENTES_EXPORTAR:       (T,            N,           N,        N,         P,       None),
    Permiso.CLIENTES_FUSIONAR:       (T,            T,           N,        T,         N,       None),
    Permiso.CLIENTES_LEER:           (T,            S,           S,        S,         P,       "clientes:leer"),
    Permiso.CLIENTES_PORTAL:         (T,            N,           N,        T,         N,       None),
    Permiso.CONSENTIMIENTOS_CREAR:   (T,            T,           T,        T,         P,       None),
    Permiso.CUENTA_LEER:             (T,            T,           T,        T,         T,       CUALQUIERA),
    Permiso.CUENTA_PROPIA:           (T,            T,           T,        T,         T,       None),
    Permiso.DESPARASITACIONES_ANULAR: (N,           S,           N,        N,         N,       None),
    Permiso.DESPARASITACIONES_CREAR: (N,            S,           S,        S,         N,       None),
    Permiso.DESPARASITACIONES_LEER:  (T,            S,           S,        S,         P,       "vacunas:leer"),
    Permiso.DISPONIBILIDAD_LEER:     (T,            T,           T,        T,         T,       "agenda:leer"),
    Permiso.INTEGRACIONES_GESTIONAR: (T,            N,           N,        N,         N,       None),
    Permiso.LISTA_ESPERA_CREAR:      (S,            S,           S,        S,         P,       "citas:escribir"),
    Permiso.LISTA_ESPERA_EDITAR:     (S,            S,           S,        S,         N,       "citas:escribir"),
    Permiso.LISTA_ESPERA_ELIMINAR:   (S,            S,           S,        S,         P,       "citas:escribir"),
    Permiso.LISTA_ESPERA_LEER:       (S,            S,           S,        S,         P,       "citas:escribir"),
    Permiso.LISTA_ESPERA_RESPONDER:  (S,            S,           S,        S,         P,       "citas:escribir"),
    Permiso.ORGANIZACION_EDITAR:     (T,            N,           N,        N,         N,       None),
    Permiso.ORGANIZACION_LEER:       (T,            T,           T,        T,         T,       "sedes:leer"),
    Permiso.PACIENTES_CREAR:         (T,            S,           S,        S,         P,       "pacientes:escribir"),
    Permiso.PACIENTES_EDITAR:        (T,            S,           S,        S,         N,       "pacientes:escribir"),
    Permiso.PACIENTES_ELIMINAR:      (T,            N,           N,        N,         N,       None),
    Permiso.PACIENTES_LEER:          (T,            S,           S,        S,         P,       "pacientes:leer"),
    Permiso.PACIENTES_REVERTIR:      (T,            N,           N,        N,         N,       None),
    Permiso.PACIENTES_VALIDAR:       (T,            S,           S,        S,         N,       None),
    Permiso.PESOS_CREAR:             (N,            S,           S,        S,         N,       "pacientes:escribir"),
    Permiso.PRODUCTOS_EDITAR:        (T,            N,           T,        N,         N,       None),
    Permiso.PRODUCTOS_ELIMINAR:      (T,            N,           N,        N,         N,       None),
    Permiso.PRODUCTOS_LEER:          (T,            T,           T,        T,         N,       "inventario:leer"),
    Permiso.PROTOCOLOS_EDITAR:       (T,            T,           N,        N,         N,       None),
    Permiso.PROTOCOLOS_LEER:         (T,            T,           T,        T,         N,       "vacunas:leer"),
    Permiso.SEDES_EDITAR:            (T,            N,           N,        N,         N,       None),
    Permiso.SEDES_LEER:              (T,            T,           T,        T,         T,       "sedes:leer"),
    Permiso.TAREAS_LEER:             (T,            S,           S,        S,         N,       None),
    Permiso.TAREAS_REALIZAR:         (T,            S,           S,        S,         N,       None),
    Permiso.TITULARES_CAMBIAR:       (T,            T,           N,        T,         N,       None),
    Permiso.USUARIOS_GESTIONAR:      (T,            N,           N,        N,         N,       None),
    Permiso.USUARIOS_LEER:           (T,            T,           T,        T,         N,       None),
    Permiso.VACUNACIONES_CREAR:      (N,            S,           S,        N,         N,       None),
    Permiso.VACUNACIONES_EDITAR:     (N,            S,           N,        N,         N,       None),
    Permiso.VACUNACIONES_LEER:       (T,            S,           S,        S,         P,       "vacunas:leer"),
}
# fmt: on

_COLUMNAS = (Rol.ADMINISTRADOR, Rol.VETERINARIO, Rol.AUXILIAR, Rol.RECEPCION, Rol.CLIENTE)
AMBITOS = sorted({fila[5] for fila in POLITICA.values() if fila[5]} - {CUALQUIERA})

if set(POLITICA) != set(Permiso):
    raise RuntimeError("Hay permisos sin fila en la política")


def alcance_de(rol: Rol, permiso: Permiso) -> Alcance:
    """Lo que un rol puede con un permiso."""
    return Alcance(POLITICA[permiso][_COLUMNAS.index(rol)])  # type: ignore[arg-type]


def permisos_de_roles(roles: frozenset[Rol]) -> dict[Permiso, Alcance]:
    """La unión de los permisos de varios roles."""
    union = {permiso: max((alcance_de(rol, permiso) for rol in roles), default=N) for permiso in Permiso}
    return {permiso: alcance for permiso, alcance in union.items() if alcance}


def permisos_de_ambitos(ambitos: frozenset[str], con_sedes: bool) -> dict[Permiso, Alcance]:
    """Los permisos que dan los ámbitos concedidos a una integración."""
    alcance = S if con_sedes else T
    return {permiso: alcance for permiso, fila in POLITICA.items() if fila[5] in {*ambitos, CUALQUIERA}}
