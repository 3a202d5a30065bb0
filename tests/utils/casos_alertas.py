"""Cada regla, con lo que la hace saltar y lo que no, frontera incluida: en seco, con las reglas semilla."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from app.config import semillas_medicacion as semillas
from app.utils.medicacion import (
    AlergiaConocida,
    Animal,
    Linea,
    Pauta,
    PesoVigente,
    Principio,
    Regla,
    Situacion,
    Tratamiento,
)

AHORA = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOY = date(2026, 11, 23)
DIA, HORA, MINUTO = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
PARAMETROS = {
    "peso_caduca_dias_cachorro": 7,
    "peso_caduca_dias_adulto": 30,
    "lavado_aine_corticoide_dias": 7,
    "ivermectina_preventiva_max_ug_kg": 12,
}
REGLAS = tuple(
    Regla(una["codigo"], una["tipo"], una["gravedad"], una["mensaje"], una["parametros"])
    for una in semillas.reglas_alerta()
)


def principio(codigo: str) -> Principio:
    """Un principio semilla, con sus pautas."""
    (uno,) = (uno for uno in semillas.principios_activos() if uno["codigo"] == codigo)
    pautas = tuple(
        Pauta(
            especie=una["especie"], via=una["via"], unidad_dosis=una["unidad_dosis"], indicacion=una["indicacion"],
            dosis_min=Decimal(una["dosis_min"]) if una["dosis_min"] else None,
            dosis_max=Decimal(una["dosis_max"]) if una["dosis_max"] else None,
            intervalo_h=una["intervalo_h"], duracion_max_dias=una["duracion_max_dias"],
            concentracion=Decimal(una["concentracion"]) if una["concentracion"] else None, por_banda=una["por_banda"],
        )
        for una in uno["pautas"]
    )  # fmt: skip
    return Principio(
        codigo, uno["nombre_dci"], uno["grupo"], uno["familia"], uno["categoria_ema"], frozenset(uno["componentes"]),
        pautas,
    )  # fmt: skip


def kg(peso: str, hace: timedelta = timedelta(0), metodo: str = "bascula") -> PesoVigente:
    return PesoVigente(Decimal(peso), AHORA - hace, metodo)


def linea(codigo: str, via: str = "oral", dosis: str | None = None, **campos: Any) -> Linea:
    dosis_ = Decimal(dosis) if dosis else None
    return Linea(0, codigo, (principio(codigo),), via, dosis_, **{"tiempo_espera_informado": True, **campos})


def tratamiento(codigo: str, hace: timedelta, via: str = "oral") -> Tratamiento:
    """Uno cuya última toma fue hace eso."""
    return Tratamiento((principio(codigo),), via, AHORA - hace - DIA, AHORA - hace)


def animal(especie: str = "perro", **campos: Any) -> Animal:
    return replace(Animal(especie, date(2020, 1, 1), kg("10")), **campos)


def situacion(suyo: Animal, *lineas: Linea, tratamientos: tuple[Tratamiento, ...] = (), **parametros: Any) -> Situacion:
    puestas = tuple(replace(una, posicion=n) for n, una in enumerate(lineas))
    return Situacion(suyo, puestas, AHORA, HOY, tratamientos, {**PARAMETROS, **parametros})


class Caso(NamedTuple):
    """Qué regla se mira, en qué situación, y con qué gravedades salta; ninguna si no salta."""

    codigo: str
    situacion: Situacion
    gravedades: tuple[str, ...]


def nacido(dias: int) -> date:
    return HOY - timedelta(days=dias)


def alergico(ref: str, gravedad: str = "leve", tipo: str = "principio_activo") -> Animal:
    return animal(alergias=(AlergiaConocida(tipo, ref, gravedad),))


BLOQUEO, GRAVE, AVISO, NADA = ("bloqueo",), ("grave",), ("aviso",), ()
GATO, PERRO, CONEJO = animal("gato"), animal(), animal("conejo")
OTRO = replace(linea("meloxicam"), posicion=1)
AMOXI_CLAV = linea("amoxicilina_clavulanico", dosis="12.5")

CASOS: dict[str, Caso] = {
    "AL01 paracetamol en gato": Caso("AL01", situacion(GATO, linea("paracetamol")), BLOQUEO),
    "AL01 por cualquier vía": Caso("AL01", situacion(GATO, linea("paracetamol", "rectal")), BLOQUEO),
    "AL01 paracetamol en perro no": Caso("AL01", situacion(PERRO, linea("paracetamol")), NADA),
    "AL02 permetrina en gato": Caso("AL02", situacion(GATO, linea("permetrina", "topica")), BLOQUEO),
    "AL02 en perro que convive con gato": Caso(
        "AL02", situacion(animal(convivientes=frozenset({"gato", "huron"})), linea("permetrina", "topica")), AVISO
    ),
    "AL02 en perro que vive con otro perro no": Caso(
        "AL02", situacion(animal(convivientes=frozenset({"perro"})), linea("permetrina", "topica")), NADA
    ),
    "AL03 collie sin testar": Caso(
        "AL03", situacion(animal(raza_mdr1=True), linea("ivermectina", dosis="0.3")), GRAVE
    ),
    "AL03 afectado de cualquier raza": Caso(
        "AL03", situacion(animal(mdr1="afectado"), linea("ivermectina", dosis="0.013")), GRAVE
    ),
    "AL03 portador": Caso("AL03", situacion(animal(mdr1="portador"), linea("ivermectina", dosis="0.3")), GRAVE),
    "AL03 sin dosis no se descarta": Caso("AL03", situacion(animal(raza_mdr1=True), linea("ivermectina")), GRAVE),
    "AL03 por superficie no se descarta": Caso(
        "AL03", situacion(animal(raza_mdr1=True), linea("ivermectina", dosis="0.001", unidad_dosis="mg_m2")), GRAVE
    ),
    "AL03 justo la preventiva no": Caso(
        "AL03", situacion(animal(raza_mdr1=True), linea("ivermectina", dosis="0.012")), NADA
    ),
    "AL03 justo la preventiva, en microgramos, no": Caso(
        "AL03", situacion(animal(raza_mdr1=True), linea("ivermectina", dosis="12", unidad_dosis="ug_kg")), NADA
    ),
    "AL03 una décima de más": Caso(
        "AL03", situacion(animal(raza_mdr1=True), linea("ivermectina", dosis="12.1", unidad_dosis="ug_kg")), GRAVE
    ),
    "AL03 con otro límite no": Caso(
        "AL03",
        situacion(
            animal(raza_mdr1=True), linea("ivermectina", dosis="0.3"), ivermectina_preventiva_max_ug_kg=300
        ),
        NADA,
    ),
    "AL03 collie testado normal no (A4)": Caso(
        "AL03", situacion(animal(raza_mdr1=True, mdr1="normal"), linea("ivermectina", dosis="0.3")), NADA
    ),
    "AL03 otra raza sin testar no": Caso("AL03", situacion(PERRO, linea("ivermectina", dosis="0.3")), NADA),
    "AL03 otro fármaco no": Caso("AL03", situacion(animal(raza_mdr1=True), linea("fenbendazol", dosis="50")), NADA),
    "AL04 corticoide hasta ayer y AINE hoy (A3)": Caso(
        "AL04", situacion(PERRO, linea("meloxicam"), tratamientos=(tratamiento("prednisolona", DIA),)), GRAVE
    ),
    "AL04 al revés": Caso(
        "AL04", situacion(PERRO, linea("prednisolona"), tratamientos=(tratamiento("meloxicam", DIA),)), GRAVE
    ),
    "AL04 en la misma receta, cada línea": Caso(
        "AL04", situacion(PERRO, linea("meloxicam"), linea("prednisolona")), ("grave", "grave")
    ),
    "AL04 a un minuto de acabar el lavado": Caso(
        "AL04",
        situacion(PERRO, linea("meloxicam"), tratamientos=(tratamiento("prednisolona", 7 * DIA - MINUTO),)),
        GRAVE,
    ),
    "AL04 acabado el lavado no": Caso(
        "AL04", situacion(PERRO, linea("meloxicam"), tratamientos=(tratamiento("prednisolona", 7 * DIA),)), NADA
    ),
    "AL04 con otro lavado no": Caso(
        "AL04",
        situacion(
            PERRO, linea("meloxicam"), tratamientos=(tratamiento("prednisolona", DIA),), lavado_aine_corticoide_dias=1
        ),
        NADA,
    ),
    "AL04 corticoide en colirio no": Caso(
        "AL04",
        situacion(PERRO, linea("meloxicam"), tratamientos=(tratamiento("prednisolona", DIA, "oftalmica"),)),
        NADA,
    ),
    "AL04 AINE en colirio con corticoide sistémico": Caso(
        "AL04",
        situacion(PERRO, linea("meloxicam", "oftalmica"), tratamientos=(tratamiento("prednisolona", DIA),)),
        GRAVE,
    ),
    "AL04 sólo corticoide no": Caso("AL04", situacion(PERRO, linea("prednisolona")), NADA),
    "AL05 dos AINE": Caso("AL05", situacion(PERRO, linea("meloxicam"), linea("carprofeno")), ("grave", "grave")),
    "AL05 otro hace 23 h 59 min": Caso(
        "AL05",
        situacion(PERRO, linea("meloxicam"), tratamientos=(tratamiento("carprofeno", 24 * HORA - MINUTO),)),
        GRAVE,
    ),
    "AL05 otro hace 24 h no": Caso(
        "AL05", situacion(PERRO, linea("meloxicam"), tratamientos=(tratamiento("carprofeno", 24 * HORA),)), NADA
    ),
    "AL05 el mismo no": Caso("AL05", situacion(PERRO, linea("meloxicam"), linea("meloxicam")), NADA),
    "AL06 carprofeno oral en gato": Caso("AL06", situacion(GATO, linea("carprofeno")), BLOQUEO),
    "AL06 carprofeno oral en perro no": Caso("AL06", situacion(PERRO, linea("carprofeno")), NADA),
    "AL06 inyectable otra vez": Caso(
        "AL06",
        situacion(
            GATO, linea("carprofeno", "subcutanea"), tratamientos=(tratamiento("carprofeno", 9 * DIA, "subcutanea"),)
        ),
        GRAVE,
    ),
    "AL06 inyectable dos días": Caso(
        "AL06", situacion(GATO, linea("carprofeno", "subcutanea", duracion_dias=2)), GRAVE
    ),
    "AL06 dos líneas inyectables": Caso(
        "AL06",
        situacion(GATO, linea("carprofeno", "subcutanea"), linea("carprofeno", "intravenosa")),
        ("grave", "grave"),
    ),
    "AL06 inyectable una vez no": Caso(
        "AL06", situacion(GATO, linea("carprofeno", "subcutanea", duracion_dias=1)), NADA
    ),
    "AL06 inyectable tras otro fármaco no": Caso(
        "AL06",
        situacion(
            GATO, linea("carprofeno", "subcutanea"), linea("maropitant", "subcutanea"),
            tratamientos=(tratamiento("maropitant", DIA, "subcutanea"),),
        ),
        NADA,
    ),
    "AL06 inyectable tras colirio no": Caso(
        "AL06",
        situacion(
            GATO, linea("carprofeno", "subcutanea"), tratamientos=(tratamiento("carprofeno", DIA, "oftalmica"),)
        ),
        NADA,
    ),
    "AL06 repetir inyectable en perro no": Caso(
        "AL06", situacion(PERRO, linea("carprofeno", "subcutanea", duracion_dias=3)), NADA
    ),
    "AL07 gestante": Caso("AL07", situacion(animal(gestante=True), linea("carprofeno")), GRAVE),
    "AL07 lactante": Caso("AL07", situacion(animal(lactante=True), linea("carprofeno")), GRAVE),
    "AL07 deshidratado al 5 %": Caso(
        "AL07", situacion(animal(deshidratacion_pct=Decimal(5)), linea("carprofeno")), GRAVE
    ),
    "AL07 deshidratado al 4,9 % no": Caso(
        "AL07", situacion(animal(deshidratacion_pct=Decimal("4.9")), linea("carprofeno")), NADA
    ),
    "AL07 creatinina alta": Caso("AL07", situacion(animal(creatinina_alta=True), linea("carprofeno")), GRAVE),
    "AL07 meloxicam a los 41 días": Caso("AL07", situacion(animal(nacimiento=nacido(41)), linea("meloxicam")), GRAVE),
    "AL07 meloxicam a los 42 días no": Caso(
        "AL07", situacion(animal(nacimiento=nacido(42)), linea("meloxicam")), NADA
    ),
    "AL07 sano no": Caso("AL07", situacion(PERRO, linea("carprofeno")), NADA),
    "AL07 gestante sin AINE no": Caso("AL07", situacion(animal(gestante=True), AMOXI_CLAV), NADA),
    "AL08 robenacoxib con 4 meses menos un día": Caso(
        "AL08", situacion(animal(nacimiento=date(2026, 7, 24)), linea("robenacoxib")), GRAVE
    ),
    "AL08 robenacoxib con 4 meses no": Caso(
        "AL08", situacion(animal(nacimiento=date(2026, 7, 23)), linea("robenacoxib")), NADA
    ),
    "AL08 robenacoxib con 2,499 kg": Caso("AL08", situacion(animal(peso=kg("2.499")), linea("robenacoxib")), GRAVE),
    "AL08 robenacoxib con 2,5 kg no": Caso("AL08", situacion(animal(peso=kg("2.5")), linea("robenacoxib")), NADA),
    "AL08 sin peso ni edad no": Caso(
        "AL08", situacion(animal(peso=None, nacimiento=None), linea("robenacoxib")), NADA
    ),
    "AL09 oclacitinib antes de los 12 meses": Caso(
        "AL09", situacion(animal(nacimiento=date(2025, 11, 24)), linea("oclacitinib")), GRAVE
    ),
    "AL09 oclacitinib con 12 meses no": Caso(
        "AL09", situacion(animal(nacimiento=date(2025, 11, 23)), linea("oclacitinib")), NADA
    ),
    "AL10 conejo y amoxicilina (A5)": Caso("AL10", situacion(CONEJO, linea("amoxicilina")), BLOQUEO),
    "AL10 cobaya y amoxicilina con clavulánico": Caso("AL10", situacion(animal("cobaya"), AMOXI_CLAV), BLOQUEO),
    "AL10 conejo y enrofloxacino no": Caso("AL10", situacion(CONEJO, linea("enrofloxacino")), NADA),
    "AL10 perro y amoxicilina no": Caso("AL10", situacion(PERRO, linea("amoxicilina")), NADA),
    "AL11 alergia al principio": Caso("AL11", situacion(alergico("amoxicilina", "grave"), AMOXI_CLAV), GRAVE),
    "AL11 escrita con tilde y mayúscula": Caso(
        "AL11", situacion(alergico("Trimetoprima y Sulfamída"), linea("trimetoprima_sulfamida")), GRAVE
    ),
    "AL11 alergia a la familia": Caso("AL11", situacion(alergico("penicilina", "leve", "grupo"), AMOXI_CLAV), GRAVE),
    "AL11 alergia al grupo": Caso("AL11", situacion(alergico("aine", "moderada", "grupo"), linea("meloxicam")), GRAVE),
    "AL11 anafilaxia": Caso("AL11", situacion(alergico("amoxicilina", "anafilaxia"), AMOXI_CLAV), BLOQUEO),
    "AL11 alergia a otro no": Caso("AL11", situacion(alergico("cefalexina"), AMOXI_CLAV), NADA),
    "AL11 alergia a un alimento no": Caso(
        "AL11", situacion(alergico("amoxicilina", "grave", "alimento"), AMOXI_CLAV), NADA
    ),
    "AL12 dosis doble (D11)": Caso("AL12", situacion(GATO, linea("enrofloxacino", dosis="10")), GRAVE),
    "AL12 justo la máxima no": Caso("AL12", situacion(GATO, linea("enrofloxacino", dosis="5")), NADA),
    "AL12 una diezmilésima de más": Caso("AL12", situacion(GATO, linea("enrofloxacino", dosis="5.0001")), GRAVE),
    "AL12 por debajo de la mínima": Caso(
        "AL12", situacion(PERRO, linea("amoxicilina_clavulanico", dosis="12.4999")), AVISO
    ),
    "AL12 justo la mínima no": Caso("AL12", situacion(PERRO, AMOXI_CLAV), NADA),
    "AL12 más a menudo es más dosis": Caso(
        "AL12", situacion(PERRO, linea("meloxicam", dosis="0.1", intervalo_h=12, duracion_dias=5)), GRAVE
    ),
    "AL12 al ritmo de la pauta no": Caso(
        "AL12", situacion(PERRO, linea("meloxicam", dosis="0.1", intervalo_h=24, duracion_dias=5)), NADA
    ),
    "AL12 más espaciado no": Caso(
        "AL12", situacion(PERRO, linea("meloxicam", dosis="0.1", intervalo_h=48, duracion_dias=5)), NADA
    ),
    "AL12 la dosis del primer día, varios": Caso(
        "AL12", situacion(PERRO, linea("meloxicam", dosis="0.2", intervalo_h=24, duracion_dias=5)), GRAVE
    ),
    "AL12 la dosis del primer día, uno, no": Caso(
        "AL12", situacion(PERRO, linea("meloxicam", dosis="0.2", intervalo_h=24, duracion_dias=1)), NADA
    ),
    "AL12 seis días de lo que se da cinco": Caso(
        "AL12", situacion(PERRO, linea("maropitant", "subcutanea", "1", duracion_dias=6)), AVISO
    ),
    "AL12 cinco días no": Caso(
        "AL12", situacion(PERRO, linea("maropitant", "subcutanea", "1", duracion_dias=5)), NADA
    ),
    "AL12 un mínimo por bandas no tiene máximo": Caso(
        "AL12", situacion(PERRO, linea("selamectina", "topica", "60")), NADA
    ),
    "AL12 sin pauta no": Caso("AL12", situacion(CONEJO, linea("enrofloxacino", dosis="99")), NADA),
    "AL12 sin dosis no": Caso("AL12", situacion(GATO, linea("enrofloxacino")), NADA),
    "AL13 el mismo en marcha": Caso(
        "AL13", situacion(PERRO, AMOXI_CLAV, tratamientos=(tratamiento("amoxicilina", -DIA),)), AVISO
    ),
    "AL13 acaba ahora mismo": Caso(
        "AL13", situacion(PERRO, AMOXI_CLAV, tratamientos=(tratamiento("amoxicilina", timedelta(0)),)), AVISO
    ),
    "AL13 del mismo grupo en otra línea": Caso(
        "AL13", situacion(PERRO, AMOXI_CLAV, linea("cefalexina")), ("aviso", "aviso")
    ),
    "AL13 ya acabado no": Caso(
        "AL13", situacion(PERRO, AMOXI_CLAV, tratamientos=(tratamiento("amoxicilina", MINUTO),)), NADA
    ),
    "AL13 de otro grupo no": Caso("AL13", situacion(PERRO, AMOXI_CLAV, linea("meloxicam")), NADA),
    "AL14 sin peso": Caso("AL14", situacion(animal(peso=None), AMOXI_CLAV, linea("meloxicam")), GRAVE),
    "AL14 peso de 30 días no": Caso("AL14", situacion(animal(peso=kg("10", 30 * DIA)), AMOXI_CLAV), NADA),
    "AL14 peso de 30 días y un minuto": Caso(
        "AL14", situacion(animal(peso=kg("10", 30 * DIA + MINUTO)), AMOXI_CLAV), AVISO
    ),
    "AL14 cachorro, peso de 7 días y un minuto": Caso(
        "AL14",
        situacion(animal(nacimiento=date(2026, 5, 24), peso=kg("10", 7 * DIA + MINUTO)), AMOXI_CLAV),
        AVISO,
    ),
    "AL14 cachorro, peso de 7 días no": Caso(
        "AL14", situacion(animal(nacimiento=date(2026, 5, 24), peso=kg("10", 7 * DIA)), AMOXI_CLAV), NADA
    ),
    "AL14 con 6 meses ya no es cachorro": Caso(
        "AL14", situacion(animal(nacimiento=date(2026, 5, 23), peso=kg("10", 20 * DIA)), AMOXI_CLAV), NADA
    ),
    "AL14 no es de báscula": Caso("AL14", situacion(animal(peso=kg("10", metodo="estimado")), AMOXI_CLAV), AVISO),
    "AL14 sin nada que dar no": Caso("AL14", situacion(animal(peso=None)), NADA),
    "AL15 especie no autorizada": Caso(
        "AL15", situacion(GATO, replace(AMOXI_CLAV, especies_autorizadas=frozenset({"perro"}))), AVISO
    ),
    "AL15 indicación fuera de ficha": Caso("AL15", situacion(PERRO, replace(AMOXI_CLAV, fuera_de_ficha=True)), AVISO),
    "AL15 especie autorizada no": Caso(
        "AL15", situacion(PERRO, replace(AMOXI_CLAV, especies_autorizadas=frozenset({"perro"}))), NADA
    ),
    "AL15 no consta para quién es no": Caso("AL15", situacion(PERRO, AMOXI_CLAV), NADA),
    "AL16 categoría B": Caso("AL16", situacion(GATO, linea("cefovecina", "subcutanea")), GRAVE),
    "AL16 categoría C sin decir por qué no D": Caso("AL16", situacion(PERRO, AMOXI_CLAV), AVISO),
    "AL16 categoría C diciéndolo no": Caso(
        "AL16", situacion(PERRO, replace(AMOXI_CLAV, motivo_antibiotico="Resistente a doxiciclina")), NADA
    ),
    "AL16 categoría B diciéndolo": Caso(
        "AL16", situacion(GATO, linea("cefovecina", "subcutanea", motivo_antibiotico="Sólo sensible a esta")), GRAVE
    ),
    "AL16 categoría D no": Caso("AL16", situacion(PERRO, linea("doxiciclina")), NADA),
    "AL16 lo que no es antibiótico no": Caso("AL16", situacion(PERRO, linea("meloxicam")), NADA),
    "AL17 maropitant a los 55 días": Caso("AL17", situacion(animal(nacimiento=nacido(55)), linea("maropitant")), AVISO),
    "AL17 maropitant a los 56 días no": Caso(
        "AL17", situacion(animal(nacimiento=nacido(56)), linea("maropitant")), NADA
    ),
    "AL17 maropitant y amlodipino": Caso(
        "AL17", situacion(PERRO, linea("maropitant"), tratamientos=(tratamiento("amlodipino", -DIA),)), AVISO
    ),
    "AL17 amlodipino ya acabado no": Caso(
        "AL17", situacion(PERRO, linea("maropitant"), tratamientos=(tratamiento("amlodipino", MINUTO),)), NADA
    ),
    "AL18 metadona, perro de 55 días": Caso(
        "AL18", situacion(animal(nacimiento=nacido(55)), linea("metadona", "intramuscular")), AVISO
    ),
    "AL18 metadona, perro de 56 días no": Caso(
        "AL18", situacion(animal(nacimiento=nacido(56)), linea("metadona", "intramuscular")), NADA
    ),
    "AL18 metadona, gato de 5 meses menos un día": Caso(
        "AL18", situacion(animal("gato", nacimiento=date(2026, 6, 24)), linea("metadona", "intramuscular")), AVISO
    ),
    "AL18 metadona, gato de 5 meses no": Caso(
        "AL18", situacion(animal("gato", nacimiento=date(2026, 6, 23)), linea("metadona", "intramuscular")), NADA
    ),
    "AL19 selamectina, perro de 41 días": Caso(
        "AL19", situacion(animal(nacimiento=nacido(41)), linea("selamectina", "topica")), AVISO
    ),
    "AL19 selamectina, perro de 42 días no": Caso(
        "AL19", situacion(animal(nacimiento=nacido(42)), linea("selamectina", "topica")), NADA
    ),
    "AL19 selamectina, gato de 55 días": Caso(
        "AL19", situacion(animal("gato", nacimiento=nacido(55)), linea("selamectina", "topica")), AVISO
    ),
    "AL19 selamectina, gato de 56 días no": Caso(
        "AL19", situacion(animal("gato", nacimiento=nacido(56)), linea("selamectina", "topica")), NADA
    ),
    "AL19 fluralaner oral con 1,999 kg": Caso("AL19", situacion(animal(peso=kg("1.999")), linea("fluralaner")), AVISO),
    "AL19 fluralaner oral con 2 kg no": Caso("AL19", situacion(animal(peso=kg("2")), linea("fluralaner")), NADA),
    "AL19 fluralaner oral antes de los 6 meses": Caso(
        "AL19", situacion(animal(nacimiento=date(2026, 5, 24)), linea("fluralaner")), AVISO
    ),
    "AL19 fluralaner tópico no": Caso(
        "AL19", situacion(animal(nacimiento=date(2026, 5, 24)), linea("fluralaner", "topica")), NADA
    ),
    "AL20 producción sin tiempo de espera": Caso(
        "AL20", situacion(animal("ovino", destino="produccion"), linea("meloxicam", tiempo_espera_informado=False)), BLOQUEO
    ),
    "AL20 producción con tiempo de espera no": Caso(
        "AL20", situacion(animal("ovino", destino="produccion"), linea("meloxicam")), NADA
    ),
    "AL20 compañía no": Caso("AL20", situacion(PERRO, linea("meloxicam", tiempo_espera_informado=False)), NADA),
    "AL21 lote caducado ayer": Caso("AL21", situacion(PERRO, linea("meloxicam", caducidad_lote=nacido(1))), BLOQUEO),
    "AL21 lote que caduca hoy no": Caso("AL21", situacion(PERRO, linea("meloxicam", caducidad_lote=HOY)), NADA),
    "AL21 sin lote no": Caso("AL21", situacion(PERRO, linea("meloxicam")), NADA),
    "AL22 ibuprofeno en perro": Caso("AL22", situacion(PERRO, linea("ibuprofeno")), GRAVE),
    "AL22 naproxeno en gato": Caso("AL22", situacion(GATO, linea("naproxeno")), GRAVE),
    "AL22 meloxicam no": Caso("AL22", situacion(PERRO, linea("meloxicam")), NADA),
}  # fmt: skip
