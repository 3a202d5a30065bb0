"""Las reglas de la casa, ejecutadas: quién confirma, quién escribe SQL, quién conoce HTTP y hacia dónde se mira."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

RAIZ = Path(__file__).resolve().parents[1]
APP = RAIZ / "app"
PYTHON = sorted(fichero for fichero in APP.rglob("*.py") if "__pycache__" not in fichero.parts)


def arbol(fichero: Path) -> ast.Module:
    return ast.parse(fichero.read_text("utf-8"))


def ruta(fichero: Path) -> str:
    return fichero.relative_to(RAIZ).as_posix()


def llamadas(fichero: Path, nombre: str) -> list[int]:
    """Líneas en que se llama a ``algo.nombre()`` o ``nombre()``."""
    return [
        nodo.lineno
        for nodo in ast.walk(arbol(fichero))
        if isinstance(nodo, ast.Call)
        and (
            (isinstance(nodo.func, ast.Attribute) and nodo.func.attr == nombre)
            or (isinstance(nodo.func, ast.Name) and nodo.func.id == nombre)
        )
    ]


def test_las_dependencias_solo_miran_hacia_abajo():
    resultado = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=RAIZ, capture_output=True, text=True
    )
    assert resultado.returncode == 0, resultado.stdout


def test_nadie_mas_confirma_una_transaccion():
    permitidos = {
        "app/config/connections.py",  # el rol de cada conexión nueva del motor
        "app/config/database.py",  # la transacción de cada petición
        "app/config/migraciones.py",  # la de cada migración
    }
    culpables = {ruta(f): llamadas(f, "commit") for f in PYTHON if llamadas(f, "commit")}
    assert set(culpables) <= permitidos, culpables


def test_el_sql_a_mano_tiene_su_sitio():
    culpables = {
        ruta(f): llamadas(f, "text")
        for f in PYTHON
        if f.is_relative_to(APP / "api" / "controllers") or f.is_relative_to(APP / "api" / "schemas")
        if llamadas(f, "text") and f.name != "operacion_controller.py"
    }
    assert culpables == {}


@pytest.mark.parametrize("carpeta", ["services", "schemas", "models"])
def test_bajo_los_controladores_nadie_conoce_http(carpeta):
    for fichero in (APP / "api" / carpeta).glob("*.py"):
        for nodo in ast.walk(arbol(fichero)):
            if isinstance(nodo, ast.ImportFrom):
                assert (nodo.module or "").split(".")[0] not in ("flask", "werkzeug"), ruta(fichero)
            if isinstance(nodo, ast.Import):
                assert not {alias.name.split(".")[0] for alias in nodo.names} & {"flask", "werkzeug"}, ruta(fichero)


@pytest.mark.parametrize("prohibido", ["now", "utcnow", "today"])
def test_ahora_y_hoy_salen_del_reloj_de_la_peticion(prohibido):
    # La hora real es sólo para credenciales, esperas y arranque, que no deben obedecer a un reloj ajustable.
    permitidos = {
        "app/utils/context.py", "app/utils/tokens.py", "app/utils/credenciales.py", "app/utils/logs.py",
        "app/api/services/instalacion_service.py", "app/utils/authentication.py",
        "app/api/services/demo_agenda_service.py",  # la semana de la demostración es la de verdad
    }  # fmt: skip
    culpables = {
        ruta(fichero)
        for fichero in PYTHON
        for nodo in ast.walk(arbol(fichero))
        if isinstance(nodo, ast.Attribute)
        and nodo.attr == prohibido
        and isinstance(nodo.value, ast.Name)
        and nodo.value.id in ("datetime", "date")
    }
    assert culpables <= permitidos


def test_nada_guardado_depende_de_quien_pide():
    """Una lectura construida una vez sirve a todos: no puede mirar la identidad, la organización ni el reloj."""
    culpables = []
    for fichero in (APP / "api").rglob("*.py"):
        for nodo in arbol(fichero).body:
            if not isinstance(nodo, ast.FunctionDef):
                continue
            guardada = any(isinstance(d, ast.Name) and d.id == "cache" for d in nodo.decorator_list)
            nombres = {n.id for n in ast.walk(nodo) if isinstance(n, ast.Name)}
            if (
                guardada
                and not nodo.args.args
                and nombres & {"identidad", "contexto", "organizacion_id", "hoy", "ahora"}
            ):
                culpables.append(f"{ruta(fichero)}:{nodo.name}")
    assert culpables == []


def test_cada_fichero_se_llama_como_lo_que_es():
    for carpeta, sufijo in (("controllers", "_controller"), ("services", "_service"), ("schemas", "_schema")):
        ajenos = [
            fichero.name
            for fichero in (APP / "api" / carpeta).glob("*.py")
            if fichero.stem != "__init__" and not fichero.stem.endswith(sufijo)
        ]
        assert all(carpeta == "services" and nombre.split("_")[0] in ("importacion", "demo") for nombre in ajenos), (
            ajenos
        )


def test_todo_lo_publico_dice_que_es():
    mudos = []
    for fichero in PYTHON:
        modulo = arbol(fichero)
        if not ast.get_docstring(modulo):
            mudos.append(ruta(fichero))
        for nodo in modulo.body:
            if (
                isinstance(nodo, ast.FunctionDef | ast.ClassDef)
                and not nodo.name.startswith("_")
                and not ast.get_docstring(nodo)
            ):
                mudos.append(f"{ruta(fichero)}:{nodo.name}")
    assert mudos == []
