"""Casos E1–E8 de la edad: nacimiento, hoy, (años, meses, días), semanas y texto."""

import pytest

CASOS_EDAD = [
    pytest.param("2024-02-29", "2025-02-28", (1, 0, 0), 52, "12 meses", id="E1"),
    pytest.param("2024-02-29", "2026-11-23", (2, 8, 25), 142, "2 años y 8 meses", id="E2"),
    pytest.param("2026-08-31", "2026-09-30", (0, 1, 0), 4, "4 semanas", id="E3"),
    pytest.param("2026-10-01", "2026-11-23", (0, 1, 22), 7, "7 semanas", id="E4"),
    pytest.param("2016-11-24", "2026-11-23", (9, 11, 30), 521, "9 años y 11 meses", id="E5"),
    pytest.param("2016-11-23", "2026-11-23", (10, 0, 0), 521, "10 años", id="E6"),
    pytest.param("2026-11-10", "2026-11-23", (0, 0, 13), 1, "13 días", id="E7"),
    pytest.param("2026-01-31", "2026-03-01", (0, 1, 1), 4, "4 semanas", id="E8"),
]
