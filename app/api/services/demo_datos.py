"""Los datos de la clínica de demostración: personas y animales inventados, sólo tablas."""

from dataclasses import dataclass, field

# Correo, nombre, roles; los códigos de sede, y la ficha de profesional: categoría, colegiado y color.
USUARIOS_DEMO: tuple[tuple[str, str, str, tuple[str, ...], tuple[str, str | None, str] | None], ...] = (
    ("admin@demo.test", "Marta Iglesias Rey", "administrador", (), None),
    ("veterinaria@demo.test", "Lucía Romero Sanz", "veterinario", ("MAD", "LPA"),
     ("veterinario", "2801234", "#2E7D32")),
    ("veterinario2@demo.test", "Íñigo Zubizarreta Echeverría", "veterinario", ("MAD",),
     ("veterinario", "4800077", "#1565C0")),
    ("auxiliar@demo.test", "Noelia Peña Castaño", "auxiliar", ("MAD", "LPA"), ("auxiliar", None, "#8E24AA")),
    ("recepcion@demo.test", "Begoña Núñez Lago", "recepcion", ("MAD", "LPA"), None),
    ("cliente@demo.test", "Carmen Núñez Prado", "cliente", (), None),
)  # fmt: skip
USUARIOS_VECINA = (
    ("admin@vecina.test", "Jordi Puig Soler", "administrador", (), None),
    ("recepcion@vecina.test", "Aina Ferrer Mas", "recepcion", ("BCN",), None),
)

# Código, nombre, zona, territorio fiscal, territorio sanitario, teléfono, municipio, calle.
SEDES_DEMO = (
    ("MAD", "El Retiro", "Europe/Madrid", "ES-IVA", "ES-MD", "+34915550101", "Madrid", "Calle de Ibiza"),
    ("LPA", "Las Canteras", "Atlantic/Canary", "ES-IGIC", "ES-CN", "+34928550102", "Las Palmas de Gran Canaria",
     "Calle Portugal"),
)  # fmt: skip
SEDES_VECINA = (("BCN", "Gràcia", "Europe/Madrid", "ES-IVA", "ES-CT", "+34935550103", "Barcelona", "Carrer de Verdi"),)

# Código, nombre, tipo y plazas; los mismos en las dos sedes salvo los que sólo tiene Madrid.
RECURSOS = (
    ("CONS1", "Consulta 1", "sala_consulta", 1), ("CONS2", "Consulta 2", "sala_consulta", 1),
    ("QUIR", "Quirófano", "quirofano", 1), ("PELU", "Peluquería", "peluqueria", 2), ("ECO", "Ecógrafo", "ecografo", 1),
    ("RX", "Radiología", "radiologia", 1), ("FURGO", "Furgoneta de domicilios", "domicilio_vehiculo", 1),
)  # fmt: skip
SOLO_MADRID = frozenset({"QUIR", "ECO", "RX", "FURGO"})
_MANANA, _TARDE = ("09:00", "14:00"), ("16:00", "20:00")
FRANJAS = (*((dia, *franja) for dia in range(1, 6) for franja in (_MANANA, _TARDE)), (6, *_MANANA))


@dataclass(frozen=True, slots=True)
class Cliente:
    """Un titular inventado."""

    clave: str
    nombre: str
    apellidos: str
    telefono: str
    email: str | None = None
    nif: str | None = None
    municipio: str = "Madrid"
    sede: str = "MAD"
    tipo: str = "persona"
    notas: str | None = None


CLIENTES = (
    Cliente("carmen", "Carmen", "Núñez Prado", "+34600111001", "cliente@demo.test", "12345678Z"),
    Cliente("joseba", "Joseba", "Agirregomezkorta Etxeberria", "+34600111002", "joseba.agirre@example.com",
            "45678901G"),
    Cliente("lola", "María Dolores", "de los Ángeles Fernández-Villaverde y Ruiz de Apodaca", "+34600111003",
            "lola.fv@example.com"),
    Cliente("ahmed", "Ahmed", "El Amrani", "+34600111004", "ahmed.elamrani@example.com", "X1234567L"),
    Cliente("pilar", "Pilar", "Muñoz Cañete", "+34600111005", None, None, notas="Prefiere que la llamen por la tarde"),
    Cliente("ivan", "Iván", "Söderström López", "+34600111006", "ivan.soderstrom@example.com"),
    Cliente("rosa", "Rosa", "Güemes Peña", "+34600111007", "rosa.guemes@example.com"),
    Cliente("nuria", "Núria", "Camps i Vilà", "+34600111008", "nuria.camps@example.com"),
    Cliente("dacil", "Dácil", "Santana Cabrera", "+34600111009", "dacil.santana@example.com", None,
            "Las Palmas de Gran Canaria", "LPA"),
    Cliente("airam", "Airam", "Déniz Suárez", "+34600111010", None, None, "Telde", "LPA"),
    Cliente("huellas", "Protectora Huellas del Sur", "", "+34600111011", "hola@huellas.example.com", "G12345674",
            tipo="protectora", notas="Factura mensual"),
    Cliente("rancho", "Hípica La Dehesa, S. L.", "", "+34600111012", "cuadras@ladehesa.example.com", "B12345674",
            "Colmenar Viejo", tipo="empresa"),
)  # fmt: skip


CLIENTES_VECINA = (
    Cliente("carmen", "Carme", "Roca Bonet", "+34600222001", "carme.roca@example.com", None, "Barcelona", "BCN"),
)


@dataclass(frozen=True, slots=True)
class Paciente:
    """Un animal inventado; los pesos van de más antiguo a más reciente, en kg."""

    clave: str
    titular: str
    nombre: str
    especie: str
    raza: str | None
    sexo: str
    esterilizado: str
    nacimiento: str | None
    pesos: tuple[str, ...] = ()
    microchip: str | None = None
    capa: str | None = None
    cotitular: str | None = None
    estado: str = "activo"
    alergias: tuple[tuple[str, str, str], ...] = ()
    alertas: tuple[tuple[str, str, str], ...] = ()
    otros: dict[str, object] = field(default_factory=dict)


PACIENTES = (
    Paciente("luna", "carmen", "Luna", "perro", "border_collie", "hembra", "si", "2021-05-02", ("18.150", "18.050"),
             "724098100000017", "blanca y negra", "joseba",
             alergias=(("principio_activo", "penicilina", "grave"),),
             alertas=(("manejo", "Teme a otros perros: pásela directamente a consulta", "aviso"),)),
    Paciente("kira", "carmen", "Kira", "gato", "comun_europeo", "hembra", "si", "2018-09-15", ("4.100", "3.720"),
             "724098100000025", "carey", alertas=(("clinica", "Enfermedad renal en seguimiento", "grave"),)),
    Paciente("thor", "joseba", "Thor", "perro", "pastor_aleman", "macho", "no", "2023-01-20", ("34.500",),
             "724098100000033", "negro y fuego"),
    Paciente("nina", "lola", "Niña", "perro", "chihuahua", "hembra", "si", "2016-11-03", ("2.450", "2.300"),
             "724098100000041", "canela"),
    Paciente("simba", "ahmed", "Simba", "gato", "maine_coon", "macho", "si", "2020-03-28", ("7.900",),
             "724098100000058", "atigrado"),
    Paciente("paco", "pilar", "Paco", "ave_psitacida", None, "desconocido", "no", "2012-06-01", ("0.410",),
             None, "verde", otros={"raza_texto": "Amazona de frente azul",
                                   "identificadores": [{"tipo": "anilla", "valor": "ES-0412-P"}]}),
    Paciente("trufa", "pilar", "Trufa", "conejo", None, "hembra", "si", "2022-04-12", ("1.850", "1.920"), None, "gris",
             otros={"raza_texto": "Belier enano"}),
    Paciente("odin", "ivan", "Odín", "perro", "rottweiler", "macho", "si", "2019-07-07", ("44.300",),
             "724098100000066", "negro", alertas=(("manejo", "Bozal antes de entrar", "grave"),),
             otros={"ppp": {"es_ppp": True, "licencia": "M-4471", "licencia_caduca": "2027-03-01"}}),
    Paciente("manuela", "rosa", "Manuela", "quelonio", None, "hembra", "no", None, ("1.240",), None, None,
             otros={"raza_texto": "Tortuga mediterránea", "motivo_sin_identificacion": "exotico_sin_obligacion"}),
    Paciente("coco", "rosa", "Coco", "perro", "caniche", "macho", "si", "2010-02-14", ("6.100",), "724098100000074",
             "albaricoque", estado="fallecido",
             otros={"fecha_fallecimiento": "2026-03-18", "causa_fallecimiento": "Insuficiencia cardiaca",
                    "eutanasia": True}),
    Paciente("blat", "nuria", "Blat", "perro", "pastor_catalan", "macho", "no", "2024-08-30", ("19.800",),
             "724098100000082", "leonado", estado="perdido", otros={"perdido_desde": "2026-10-30"}),
    Paciente("pixel", "nuria", "Píxel", "huron", None, "macho", "si", "2023-05-19", ("1.150",), "724098100000090",
             "sable"),
    Paciente("guayota", "dacil", "Guayota", "perro", "presa_canario", "macho", "si", "2020-12-01", ("52.400",),
             "724098100000108", "bardino"),
    Paciente("tara", "dacil", "Tara", "gato", "siames", "hembra", "si", "2017-01-09", ("3.900",), "724098100000116"),
    Paciente("pinzon", "airam", "Pinzón", "ave_paseriforme", None, "macho", "no", "2025-03-01", ("0.021",), None,
             "azul", otros={"raza_texto": "Canario timbrado"}),
    Paciente("trasto", "huellas", "Trasto", "perro", "mestizo", "macho", "no", "2025-06-15", ("9.700",), None,
             "marrón", otros={"precision_nacimiento": "estimada", "motivo_sin_identificacion": "abandonado"}),
    Paciente("sombra", "huellas", "Sombra", "gato", "domestico_pelo_corto", "hembra", "si", "2024-04-01", ("3.300",),
             "724098100000124", "negra", otros={"precision_nacimiento": "estimada"}),
    Paciente("almendra", "rancho", "Almendra", "caballo", None, "hembra", "no", "2014-05-20", ("498.000",),
             "724098100000132", "torda", otros={"raza_texto": "Pura raza española"}),
)  # fmt: skip

PACIENTES_VECINA = (
    Paciente("luna", "carmen", "Lluna", "gato", "siames", "hembra", "si", "2022-02-02", ("3.600",), "724098100000900"),
)

# Día (0 = lunes de esta semana), hora, tipo, paciente, quién, sala, motivo y qué se hizo con ella.
CITAS: tuple[tuple[int, str, str, str, str | None, tuple[str, ...], str, str], ...] = (
    (-7, "09:00", "consulta_general", "luna", "veterinaria", ("CONS1",), "Cojera de la mano derecha", "finalizada"),
    (-7, "10:00", "vacunacion", "thor", "veterinaria", ("CONS1",), "Rabia anual", "finalizada"),
    (-6, "12:00", "revision", "kira", "veterinario2", ("CONS2",), "Control de creatinina", "finalizada"),
    (-5, "17:00", "consulta_general", "simba", "veterinaria", ("CONS1",), "Estornudos", "no_presentado"),
    (-4, "09:30", "exoticos", "paco", "veterinario2", ("CONS2",), "Se arranca plumas", "cancelada"),
    (-3, "16:30", "primera_visita", "trasto", "veterinaria", ("CONS1",), "Revisión de acogida", "finalizada"),
    (0, "09:30", "consulta_general", "nina", "veterinaria", ("CONS1",), "Tos por las noches", ""),
    (0, "10:30", "vacunacion", "blat", "veterinario2", ("CONS2",), "Polivalente", "cancelada"),
    (0, "16:00", "peluqueria", "luna", None, ("PELU",), "Baño y corte", ""),
    (1, "09:00", "cirugia_menor", "sombra", "veterinario2", ("QUIR",), "Extirpar un nódulo", ""),
    (1, "12:30", "ecografia", "kira", "veterinaria", ("ECO",), "Control renal", ""),
    (2, "10:00", "exoticos", "manuela", "veterinario2", ("CONS2",), "No quiere comer", ""),
    (2, "11:00", "revision", "luna", "veterinaria", ("CONS1",), "Revisión de la cojera", ""),
    (3, "09:20", "vacunacion", "pixel", "veterinaria", ("CONS1",), "Moquillo", ""),
    (3, "17:15", "consulta_general", "trufa", "veterinario2", ("CONS2",), "Dientes largos", ""),
    (4, "10:00", "odontologia", "simba", "veterinaria", ("QUIR",), "Limpieza dental", ""),
    (5, "09:00", "vacunacion", "thor", "veterinario2", ("CONS2",), "Leishmania", ""),
)  # fmt: skip
