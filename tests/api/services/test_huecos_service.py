"""De horarios y ocupación a inicios posibles: plazas, series y reparto, contra quien mira inicio por inicio."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.api.services.agenda_service import Calendario
from app.api.services.huecos_service import Agenda, CitaBuscada, inicios
from app.api.services.plazas_service import SERIE_MARGEN_PREVIO

PASO = 300
HORAS = 3 * 3600
ALINEADOS = range(0, HORAS, PASO)
TRAMOS = st.lists(
    st.tuples(st.integers(0, HORAS), st.integers(1, 3600)).map(lambda uno: (uno[0], uno[0] + uno[1])), max_size=5
)
PLAZAS = st.sampled_from([1, 2, 3, SERIE_MARGEN_PREVIO + 1, SERIE_MARGEN_PREVIO + 2])
OCUPADO = st.dictionaries(PLAZAS, TRAMOS, max_size=4)
CITAS = st.builds(
    CitaBuscada,
    duracion=st.integers(1, 30).map(lambda minutos: minutos * 60),
    antes=st.integers(0, 15).map(lambda minutos: minutos * 60),
    despues=st.integers(0, 15).map(lambda minutos: minutos * 60),
    margenes_compartidos=st.booleans(),
)


def cabe(inicio, libre, cogido, plazas, cita):
    """La definición: entera en lo libre y, por cada serie, alguna plaza sin nada que toque la cita y sus márgenes."""
    fin = inicio + cita.duracion
    if not all(any(a <= segundo < b for a, b in libre) for segundo in range(inicio, fin)):
        return False

    def libre_en(serie, antes, despues):
        estorban = {
            plaza - serie
            for plaza, suyas in cogido.items()
            if (plaza > SERIE_MARGEN_PREVIO) == (serie > 0)
            and any(a < fin + despues and inicio - antes < b for a, b in suyas)
        }
        return not estorban if plazas == 1 else any(plaza not in estorban for plaza in range(1, plazas + 1))

    if cita.margenes_compartidos:
        return libre_en(0, 0, cita.despues) and libre_en(SERIE_MARGEN_PREVIO, cita.antes, 0)
    return libre_en(0, cita.antes, cita.despues)


@given(libre=TRAMOS, cogido=OCUPADO, plazas=st.integers(1, 3), cita=CITAS)
def test_los_inicios_son_los_de_la_definicion(libre, cogido, plazas, cita):
    esperados = {inicio for inicio in ALINEADOS if cabe(inicio, libre, cogido, plazas, cita)}
    assert inicios(libre, cogido, plazas, cita, ALINEADOS) == esperados


@given(salas=st.lists(st.tuples(TRAMOS, OCUPADO, st.integers(1, 2)), max_size=3), cita=CITAS, pedidos=st.sets(
    st.sampled_from(ALINEADOS)
))  # fmt: skip
def test_se_asigna_el_primero_que_esta_libre(salas, cita, pedidos):
    ids = [UUID(int=n) for n in range(len(salas))]
    de, cogido = ({id: sala[n] for id, sala in zip(ids, salas, strict=True)} for n in (0, 1))
    agenda = Agenda(cita, ALINEADOS, Calendario("UTC", [], de), cogido)
    esperado = {}
    for inicio in pedidos:
        for id, (libre, suyo, plazas) in zip(ids, salas, strict=True):
            if cabe(inicio, libre, suyo, plazas, cita):
                esperado[inicio] = id
                break
    candidatos = [(id, sala[2]) for id, sala in zip(ids, salas, strict=True)]
    assert agenda.asignar(candidatos, pedidos) == esperado


@given(suyas=TRAMOS, cita=CITAS)
def test_el_paciente_no_esta_en_dos_citas_y_no_lleva_margenes(suyas, cita):
    agenda = Agenda(cita, ALINEADOS, Calendario("UTC", [], {}), {UUID(int=0): {1: suyas[:1], 2: suyas[1:]}})
    quedan = agenda.sin_paciente(set(ALINEADOS), UUID(int=0))
    assert quedan == {uno for uno in ALINEADOS if not any(a < uno + cita.duracion and uno < b for a, b in suyas)}
