"""Documentos de muestra: los normales y los que ponen a prueba la hoja."""

from datetime import date, timedelta
from decimal import Decimal

from app.utils.documentos.bloques import Documento, Ficha, Firma, Grafica, Membrete, Parrafo, Tabla

QR = "https://clinica.example/api/v1/documentos/verificacion?d=" + "x" * 337
LARGO = "María de los Ángeles Fernández-Villaverde y Sánchez-Albornoz de la Torre del Campo Grande"
MEMBRETE = Membrete(
    "Clínica Veterinaria Ñandú & Łódź, Centro de Urgencias y Especialidades del Guadalquivir",
    ("Ñandú Salud Animal, S.L. · NIF B12345674", "Calle de la Güeldera, 14, 3.º izq. · 28004 Madrid",
     "Tel. +34 915 550 123 · citas@nandu.example", "N.º de registro de centro: MAD-CV-01234"),
)  # fmt: skip


def receta(lineas: int = 2, **cambios) -> Documento:
    fila = (
        "Amoxicilina/ácido clavulánico Őrség 250 mg/62,5 mg comprimidos (amoxicilina 250 mg; ácido clavulánico 62,5 mg)",
        "1 comprimido por vía oral cada 12 horas durante 7 días, con comida",
        "14 comprimidos · 2 envases (dos) · 70 %",
    )
    base = {
        "titulo": "Receta veterinaria ordinaria", "numero": "MAD-REC-000123", "de_quien": "Luna (PAC-000045)",
        "fecha": date(2026, 11, 25), "membrete": MEMBRETE, "qr": QR,
        "pie": "Documento generado por la clínica. La receta electrónica legal sólo se emite desde una plataforma "
        "homologada. El código verifica que el documento es auténtico y si sigue vigente.",
        "bloques": (
            Ficha("Titular", (("Nombre", LARGO), ("Teléfono", "+34 600 123 123"), ("NIF", None))),
            Ficha("Animal", (("Nombre", "Luna del Valle de los Zarapitos Reales de Őrség"), ("Especie", "Perro"),
                             ("Raza", "Border collie"), ("Identificación", "941000012345678"))),
            Tabla("Tratamiento", ("Medicamento", "Posología", "Cantidad"), (45, 33, 22), (fila,) * lineas),
            Parrafo("Indicación", "Pioderma superficial. " * 12),
            Parrafo("Advertencias", "No suspender antes de tiempo. Guardar entre 2 y 8 °C; dosis ≤ 12,5 mg/kg."),
            Firma((f"{LARGO}", "Colegiada 2801234 · Madrid", "veterinaria@nandu.example"), "Madrid, 25/11/2026"),
        ),
    }  # fmt: skip
    return Documento(**{**base, **cambios})


def cartilla(vacunas: int = 40) -> Documento:
    dia = date(2024, 1, 10)
    filas = tuple(
        (f"{dia + timedelta(days=30 * n):%d/%m/%Y}", "Nobivac Rabia · Leptospira (rabia, L4)", f"A{n:04d}B",
         "Dra. Núñez Łukasz (2801234)", f"{dia + timedelta(days=365 + 30 * n):%d/%m/%Y}")
        for n in range(vacunas)
    )  # fmt: skip
    pesos = tuple((dia + timedelta(days=21 * n), Decimal("3.2") + Decimal(n) * Decimal("0.37")) for n in range(24))
    return receta(
        titulo="Cartilla sanitaria", numero="PAC-000045",
        bloques=(
            Ficha("Animal", (("Nombre", "Luna"), ("Especie", "Perro"), ("Microchip", "941000012345678"))),
            Tabla("Vacunas", ("Fecha", "Vacuna", "Lote", "Veterinario", "Próxima"), (14, 34, 12, 26, 14), filas),
            Tabla("Desparasitaciones", ("Fecha", "Producto"), (1, 4), (), "Ninguna anotada"),
            Grafica("Curva de peso", pesos),
        ),
    )  # fmt: skip
