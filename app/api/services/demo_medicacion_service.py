"""Los medicamentos de la clínica de demostración."""

from decimal import Decimal

from app.api.models.medicamento import Medicamento, MedicamentoPrincipio, UnidadBase, UnidadConcentracion
from app.api.services.demo_pasos_service import Identificador, asegurar
from app.utils.records import add

# Clave, nombre, forma, unidad base, fracciones, unidades del envase, principio, mg por unidad y especies.
MEDICAMENTOS = (
    ("amoxicilina_clavulanico_250", "Amoxicilina y clavulánico 250 mg", "Comprimido", "comprimido", ("1", "0.5"), "10",
     "amoxicilina_clavulanico", "250", ("perro",)),
    ("amoxicilina_clavulanico_50", "Amoxicilina y clavulánico 50 mg", "Comprimido", "comprimido", ("1", "0.5"), "10",
     "amoxicilina_clavulanico", "50", ("gato", "perro")),
    ("meloxicam_1_5", "Meloxicam 1,5 mg/mL", "Suspensión oral", "ml", ("1",), "32", "meloxicam", "1.5", ("perro",)),
    ("meloxicam_0_5", "Meloxicam 0,5 mg/mL", "Suspensión oral", "ml", ("1",), "15", "meloxicam", "0.5", ("gato",)),
    ("maropitant_10", "Maropitant 10 mg/mL", "Solución inyectable", "ml", ("1",), "20", "maropitant", "10",
     ("gato", "perro")),
    ("metadona_10", "Metadona 10 mg/mL", "Solución inyectable", "ml", ("1",), "10", "metadona", "10",
     ("gato", "perro")),
    ("oclacitinib_16", "Oclacitinib 16 mg", "Comprimido", "comprimido", ("1", "0.5"), "100", "oclacitinib", "16",
     ("perro",)),
    ("cefalexina_200", "Cefalexina 200 mg", "Comprimido", "comprimido", ("1", "0.5"), "28", "cefalexina", "200",
     ("perro",)),
    ("furosemida_40", "Furosemida 40 mg", "Comprimido", "comprimido", ("1", "0.5", "0.25"), "20", "furosemida", "40",
     ("gato", "perro")),
)  # fmt: skip


def llenar(identificador: Identificador) -> None:
    """Los medicamentos que falten; lo que alguien haya cambiado en ellos se respeta."""
    for clave, nombre, forma, unidad, fracciones, envase, principio, mg, especies in MEDICAMENTOS:
        id = identificador("medicamentos", clave)
        nuevo = asegurar(
            Medicamento, id, nombre=nombre, forma=forma, unidad_base=UnidadBase(unidad),
            fracciones=[Decimal(una) for una in fracciones], unidades_envase=Decimal(envase),
            especies_autorizadas=list(especies),
        )  # fmt: skip
        if nuevo:
            add(
                MedicamentoPrincipio(
                    id=identificador("medicamentos_principios", clave), medicamento_id=id, orden=0,
                    principio_id=identificador("principios_activos", principio), concentracion=Decimal(mg),
                    unidad=UnidadConcentracion.MG,
                )
            )  # fmt: skip
