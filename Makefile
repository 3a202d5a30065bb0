# Órdenes de Servet. Basta con Python 3.11 o posterior y make: lo demás se instala aquí, en .venv.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

# Sin compilados guardados, cada arranque tarda el doble.
unexport PYTHONDONTWRITEBYTECODE

PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes
EJECUCION := .venv/.ejecucion
DESARROLLO := .venv/.desarrollo

.PHONY: help run test lint demo bench bench-corto mutantes openapi requisitos

help: ## Esta lista
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

run: $(EJECUCION) ## Arranca Servet con su base de datos y la clínica de demostración
	@exec $(PY) -m app.arranque

demo: $(EJECUCION) ## Migra la base y recarga la clínica de demostración, sin servir
	@exec $(PY) -m app.arranque demo

test: $(DESARROLLO) ## Todas las pruebas
	@$(PY) -m pytest

lint: $(DESARROLLO) ## Estilo, tipos y dirección de las dependencias
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports

mutantes: $(DESARROLLO) ## Mutación de las reglas puras: cuántos cambios mal hechos notan sus pruebas (se pide un 90 %)
	@rm -rf mutants
	@.venv/bin/mutmut run
	@$(PY) -m tests.mutantes

bench: $(DESARROLLO) ## Mide a Servet y a otros marcos, lado a lado (15 min; con ESCALA= más o menos datos)
	@exec $(PY) -m bench

bench-corto: $(DESARROLLO) ## Lo mismo con pocos datos (3 min)
	@exec $(PY) -m bench corto

# Las medidas sueltas: carrera, escala, memoria, hora, arranque, aislamiento, coste y agenda. Véase bench/README.md.
bench-%: $(DESARROLLO)
	@exec $(PY) -m bench $*

openapi: $(EJECUCION) ## Escribe openapi.json a partir del código
	@$(PY) -m flask --app app.consola servet openapi > openapi.json.nuevo && mv openapi.json.nuevo openapi.json \
		|| { rm -f openapi.json.nuevo; exit 1; }

requisitos: $(DESARROLLO) ## Vuelve a fijar las dependencias (para subirlas: ACTUALIZAR=--upgrade)
	@for f in app/requirements requirements-dev bench/requirements; do \
		.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes $(ACTUALIZAR) \
			--no-header --no-emit-index-url --no-emit-find-links $$f.in --output-file $$f.txt || exit 1; \
		{ echo '# Generado con «make requisitos» a partir del .in del mismo nombre; no se edita a mano.'; cat $$f.txt; } \
			> $$f.txt.nuevo && mv $$f.txt.nuevo $$f.txt || exit 1; \
	done

# El primer Python que sirva de los habituales: 3.11 o posterior y con venv completo.
$(PY):
	@for p in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14; do \
		"$$p" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && elegido=$$p && break; \
	done; \
	if [ -z "$$elegido" ]; then \
		echo 'Servet necesita Python 3.11 o posterior con el módulo venv (en Debian y Ubuntu, el paquete python3-venv).' >&2; \
		echo "Se ha encontrado: $$(python3 --version 2>&1 || echo ninguno). Puede indicar otro: make run PYTHON=/ruta/a/python3" >&2; \
		exit 1; \
	fi; \
	"$$elegido" -m venv --clear .venv

$(EJECUCION): app/requirements.txt | $(PY)
	@echo 'Instalando las dependencias (sólo la primera vez)…'
	@$(PIP) -r app/requirements.txt
	@touch $@

$(DESARROLLO): requirements-dev.txt app/requirements.txt | $(PY)
	@echo 'Instalando las dependencias de desarrollo (sólo la primera vez)…'
	@$(PIP) -r requirements-dev.txt
	@touch $(EJECUCION) $@
