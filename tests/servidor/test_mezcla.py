"""Todo a la vez sobre los mismos animales y personas: ni interbloqueos, ni 5xx, ni nada colgado de una ficha cerrada."""

import random
import threading
import time
import traceback
from collections import Counter
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from tests.conftest import CLUSTER
from tests.factories import RELOJ, crear_cliente, crear_clinica, crear_paciente, preparar_agenda

HILOS = 16
SEGUNDOS = 15
BASE = datetime.fromisoformat("2027-04-05T09:00:00+02:00")
ORDENES = {
    "reservar": 8, "reservar_varios": 4, "reservar_nuevo": 1, "reprogramar": 4, "cancelar": 4, "llegada": 1, "esperar": 4, "aceptar": 3, "rechazar": 1,
    "ofertar": 1, "borrarse": 1, "cambio_titular": 3, "cotitular": 2, "fusion_clientes": 1, "fusion_pacientes": 1,
    "fallecimiento": 1, "baja_paciente": 1, "editar_cliente": 2, "editar_paciente": 2, "alta_paciente": 3,
    "alta_cliente": 1, "autorizar": 1,
}  # fmt: skip


class Mezcla:
    """Los ids que se disputan todos y lo que a cada uno le respondieron."""

    def __init__(self, servidor, agenda) -> None:
        self.servidor, self.agenda, self.clinica = servidor, agenda, agenda.clinica
        self.clientes = [str(self.clinica.cliente_id)]
        self.clientes += [
            crear_cliente(self.clinica, nombre=f"Cliente {n}", telefonos=[{"numero": f"+3461300{n:04d}"}])["id"]
            for n in range(8)
        ]
        self.duenio = {
            crear_paciente(self.clinica, nombre=f"Animal {n}", cliente_id=self.clientes[n % 9])["id"]: self.clientes[
                n % 9
            ]
            for n in range(18)
        }
        self.citas: list[str] = []
        self.esperas: list[str] = []
        self.respuestas: Counter[tuple[str, int, str]] = Counter()
        self.raras: list[str] = []
        self.cerrojo = threading.Lock()

    def correr(self, segundos: float) -> None:
        limite = time.monotonic() + segundos
        hilos = [threading.Thread(target=self._hilo, args=(n, limite)) for n in range(HILOS)]
        for hilo in hilos:
            hilo.start()
        for hilo in hilos:
            hilo.join(segundos + 60)
        assert not any(hilo.is_alive() for hilo in hilos)

    def _hilo(self, numero: int, limite: float) -> None:
        azar = random.Random(numero)
        with self.servidor.cliente(self.clinica.tokens["administrador"]) as http:
            http.headers["X-Servet-Reloj"] = RELOJ
            while time.monotonic() < limite:
                (orden,) = azar.choices(list(ORDENES), list(ORDENES.values()))
                try:
                    respuesta = getattr(self, orden)(http, azar)
                    if respuesta is not None:
                        self._apuntar(orden, respuesta)
                except Exception:  # que la prueba diga qué pasó: un hilo que muere callado no deja rastro
                    self.raras.append(f"{orden}: {traceback.format_exc()}")

    def _apuntar(self, orden: str, respuesta) -> None:
        cuerpo = respuesta.json() if respuesta.content else {}
        with self.cerrojo:
            self.respuestas[orden, respuesta.status_code, cuerpo.get("codigo", "") if respuesta.is_error else ""] += 1
            if respuesta.status_code >= 500:
                self.raras.append(f"{orden}: {respuesta.text[:300]}")
            if respuesta.status_code != 201:
                return
            if orden.startswith("reservar"):
                self.citas.append(cuerpo["id"])
            elif orden == "esperar":
                self.esperas.append(cuerpo["id"])
            elif orden == "alta_paciente":
                self.duenio[cuerpo["id"]] = cuerpo["cliente_id"]
            elif orden == "alta_cliente":
                self.clientes.append(cuerpo["id"])

    def _uno(self, azar, cuales):
        with self.cerrojo:
            ultimos = list(cuales)[-24:]
        return azar.choice(ultimos) if ultimos else None

    def _animales(self) -> list[tuple[str, str]]:
        # Bajo el cerrojo: recorrer un diccionario que otro hilo hace crecer es un error.
        with self.cerrojo:
            return list(self.duenio.items())

    def _de_alguien(self, azar) -> dict[str, str]:
        paciente = self._uno(azar, self.duenio)
        return {"paciente_id": paciente, "cliente_id": self.duenio[paciente]}

    def _agenda(self, azar) -> dict:
        persona = azar.choice(["veterinario", "veterinario2"])
        return {
            "inicio": (BASE + timedelta(minutes=30 * azar.randrange(24))).isoformat(),
            "profesional_id": str(self.clinica.profesionales[persona]),
            "recursos": azar.choice([[], [self.agenda.salas[0]], [self.agenda.salas[1]]]),
        }

    def _accion(self, http, raiz, id, accion, cuerpo=None):
        return None if id is None else http.post(f"/{raiz}/{id}/{accion}", json=cuerpo)

    def _editar(self, http, ruta, metodo, cuerpo=None):
        version = http.get(ruta).headers.get("ETag")
        return http.request(metodo, ruta, json=cuerpo, headers={"If-Match": version}) if version else None

    def reservar(self, http, azar):
        cuerpo = self.agenda.datos(**self._de_alguien(azar), **self._agenda(azar))
        return http.post("/citas", json=cuerpo, headers={"Idempotency-Key": str(uuid4())})

    def reservar_varios(self, http, azar):
        de_uno = self._de_alguien(azar)
        suyos = [paciente for paciente, cliente in self._animales() if cliente == de_uno["cliente_id"]]
        varios = azar.sample(suyos, min(len(suyos), 3))
        cuerpo = self.agenda.datos(**de_uno, **self._agenda(azar)) | {"paciente_id": None, "pacientes": varios}
        return http.post("/citas", json=cuerpo, headers={"Idempotency-Key": str(uuid4())})

    def reservar_nuevo(self, http, azar):
        nuevo = {"nombre": f"Cachorro{azar.randrange(99)}", "especie": "gato", "sexo": "hembra", "esterilizado": "no"}
        cuerpo = self.agenda.datos(cliente_id=self._uno(azar, self.clientes), paciente_id=None, **self._agenda(azar))
        return http.post("/citas", json={**cuerpo, "paciente_nuevo": nuevo}, headers={"Idempotency-Key": str(uuid4())})

    def reprogramar(self, http, azar):
        return self._accion(http, "citas", self._uno(azar, self.citas), "reprogramacion", self._agenda(azar))

    def cancelar(self, http, azar):
        return self._accion(http, "citas", self._uno(azar, self.citas), "cancelacion", {"motivo": "No puede"})

    def llegada(self, http, azar):
        return self._accion(http, "citas", self._uno(azar, self.citas), "llegada")

    def esperar(self, http, azar):
        comunes = {"sede_id": str(self.clinica.sede_id), "tipo_cita_id": self.agenda.tipos["consulta_general"]}
        return http.post("/lista-espera", json={**comunes, **self._de_alguien(azar)})

    def aceptar(self, http, azar):
        return self._accion(http, "lista-espera", self._uno(azar, self.esperas), "aceptacion")

    def rechazar(self, http, azar):
        return self._accion(http, "lista-espera", self._uno(azar, self.esperas), "rechazo")

    def ofertar(self, http, azar):
        return self._accion(http, "lista-espera", self._uno(azar, self.esperas), "oferta", self._agenda(azar))

    def borrarse(self, http, azar):
        espera = self._uno(azar, self.esperas)
        return self._editar(http, f"/lista-espera/{espera}", "DELETE") if espera else None

    def cambio_titular(self, http, azar):
        paciente, nuevo = self._uno(azar, self.duenio), self._uno(azar, self.clientes)
        respuesta = self._accion(http, "pacientes", paciente, "cambio-titular", {
            "cliente_id": nuevo, "mantener_cotitulares": azar.random() < 0.5,
        })  # fmt: skip
        if respuesta.status_code == 200:
            self.duenio[paciente] = nuevo
        return respuesta

    def cotitular(self, http, azar):
        cuerpo = {"cliente_id": self._uno(azar, self.clientes)}
        if azar.random() < 0.5:
            cuerpo["porcentaje"] = "10"
        return self._accion(http, "pacientes", self._uno(azar, self.duenio), "cotitulares", cuerpo)

    def fusion_clientes(self, http, azar):
        origen, destino = self._uno(azar, self.clientes), self._uno(azar, self.clientes)
        respuesta = self._accion(http, "clientes", origen, "fusion", {"con_id": destino})
        if respuesta.status_code == 200:
            for paciente, cliente in self._animales():
                if cliente == origen:
                    self.duenio[paciente] = destino
        return respuesta

    def fusion_pacientes(self, http, azar):
        cuerpo = {"con_id": self._uno(azar, self.duenio)}
        return self._accion(http, "pacientes", self._uno(azar, self.duenio), "fusion", cuerpo)

    def fallecimiento(self, http, azar):
        cuerpo = {"fecha_fallecimiento": "2026-11-22"}
        return self._accion(http, "pacientes", self._uno(azar, self.duenio), "fallecimiento", cuerpo)

    def baja_paciente(self, http, azar):
        return self._editar(http, f"/pacientes/{self._uno(azar, self.duenio)}", "DELETE")

    def editar_cliente(self, http, azar):
        cuerpo = {"apellidos": f"Apellido {azar.randrange(99)} Nuevo{azar.randrange(99)}"}
        return self._editar(http, f"/clientes/{self._uno(azar, self.clientes)}", "PATCH", cuerpo)

    def editar_paciente(self, http, azar):
        cuerpo = {"nombre": f"Nuevo{azar.randrange(99)} Nombre {azar.randrange(99)}"}
        return self._editar(http, f"/pacientes/{self._uno(azar, self.duenio)}", "PATCH", cuerpo)

    def alta_paciente(self, http, azar):
        datos = {"nombre": f"Otro{azar.randrange(999)}", "especie": "perro", "sexo": "macho", "esterilizado": "no"}
        return http.post("/pacientes", json={**datos, "cliente_id": self._uno(azar, self.clientes)})

    def alta_cliente(self, http, azar):
        telefono = {"numero": f"+3461400{azar.randrange(9999):04d}"}
        return http.post("/clientes", json={"tipo": "persona", "nombre": "Nueva", "telefonos": [telefono]})

    def autorizar(self, http, azar):
        cuerpo = {"cliente_autorizado_id": self._uno(azar, self.clientes)}
        return self._accion(http, "clientes", self._uno(azar, self.clientes), "autorizados", cuerpo)


@pytest.fixture(scope="module")
def mezcla(app, servidor):
    return Mezcla(servidor, preparar_agenda(crear_clinica(app, nombre="Mezcla"), pacientes=1))


# Lo que no puede haber nunca, dicho como consulta que cuenta los casos.
IMPOSIBLES = {
    "ocupaciones que se pisan": """
        SELECT count(*) FROM ocupaciones a JOIN ocupaciones b USING (organizacion_id, ocupante_id, plaza)
         WHERE organizacion_id = %(org)s AND a.id < b.id AND a.intervalo && b.intervalo""",
    "pacientes sin fusionar que no tienen un titular, y uno solo": """
        SELECT count(*) FROM pacientes p WHERE p.organizacion_id = %(org)s AND p.estado <> 'fusionado'
           AND 1 <> (SELECT count(*) FROM titularidades t WHERE t.organizacion_id = p.organizacion_id
                        AND t.paciente_id = p.id AND t.rol = 'titular' AND t.hasta IS NULL)""",
    "titularidades vigentes de un paciente fusionado": """
        SELECT count(*) FROM titularidades t JOIN pacientes p ON p.id = t.paciente_id
         WHERE t.organizacion_id = %(org)s AND t.hasta IS NULL AND p.estado = 'fusionado'""",
    "titularidades vigentes de un cliente cerrado": """
        SELECT count(*) FROM titularidades t JOIN clientes c ON c.id = t.cliente_id
         WHERE t.organizacion_id = %(org)s AND t.hasta IS NULL AND c.estado IN ('fusionado', 'anonimizado')""",
    "citas vivas de un cliente cerrado": """
        SELECT count(*) FROM citas x JOIN clientes c ON c.id = x.cliente_id
         WHERE x.organizacion_id = %(org)s AND x.estado IN ('solicitada', 'confirmada', 'en_sala')
           AND c.estado IN ('fusionado', 'anonimizado')""",
    "citas vivas de un paciente que no está": """
        SELECT count(*) FROM citas x JOIN pacientes p ON p.id = x.paciente_id
         WHERE x.organizacion_id = %(org)s AND x.estado IN ('solicitada', 'confirmada', 'en_sala')
           AND p.estado IN ('fusionado', 'fallecido', 'inactivo')""",
    "citas vivas a las que acompaña quien no está, o dos veces el mismo": """
        SELECT count(*) FROM citas x JOIN citas_pacientes a ON a.cita_id = x.id JOIN pacientes p ON p.id = a.paciente_id
         WHERE x.organizacion_id = %(org)s AND x.estado IN ('solicitada', 'confirmada', 'en_sala')
           AND (p.estado IN ('fusionado', 'fallecido', 'inactivo') OR a.paciente_id = x.paciente_id)""",
    "citas vivas cuyos animales no son los que ocupa": """
        SELECT count(*) FROM citas x WHERE x.organizacion_id = %(org)s AND x.estado IN ('solicitada', 'confirmada', 'en_sala')
           AND ARRAY(SELECT o.ocupante_id FROM ocupaciones o WHERE o.cita_id = x.id AND o.tipo = 'paciente' ORDER BY 1)
            <> ARRAY(SELECT x.paciente_id UNION SELECT a.paciente_id FROM citas_pacientes a WHERE a.cita_id = x.id ORDER BY 1)""",
    "esperas vivas de quien no está": """
        SELECT count(*) FROM lista_espera x JOIN pacientes p ON p.id = x.paciente_id JOIN clientes c ON c.id = x.cliente_id
         WHERE x.organizacion_id = %(org)s AND x.estado IN ('activa', 'ofertada')
           AND (p.estado IN ('fusionado', 'fallecido', 'inactivo') OR c.estado IN ('fusionado', 'anonimizado'))""",
    "citas vivas sin su hueco, o huecos de una que ya no lo es": """
        SELECT count(*) FROM citas x WHERE x.organizacion_id = %(org)s
           AND (x.estado IN ('solicitada', 'confirmada', 'en_sala'))
            <> EXISTS (SELECT FROM ocupaciones o WHERE o.organizacion_id = x.organizacion_id AND o.cita_id = x.id)""",
}


def _interbloqueos(propietario) -> int:
    propietario.execute("SELECT pg_stat_force_next_flush()")
    consulta = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    return propietario.execute(consulta).fetchone()[0]


def _que_se_interbloqueo() -> str:
    """Lo que la base apuntó de cada interbloqueo: quiénes, y qué estaban haciendo."""
    lineas = (CLUSTER / "postgres.log").read_text(errors="replace").splitlines()
    donde = [n for n, linea in enumerate(lineas) if "deadlock detected" in linea]
    return "\n".join(linea for n in donde for linea in lineas[n : n + 12])


@pytest.mark.lento
def test_todo_a_la_vez_no_se_interbloquea_ni_deja_nada_colgado(mezcla, propietario):
    antes = _interbloqueos(propietario)
    mezcla.correr(SEGUNDOS)
    time.sleep(1.5)  # la base apunta sus cuentas cada segundo
    resumen = "\n".join(f"{cuantas:5} {que}" for que, cuantas in sorted(mezcla.respuestas.items()))
    assert mezcla.raras == [], "\n".join([*mezcla.raras[:5], resumen])
    assert _interbloqueos(propietario) == antes, f"{_que_se_interbloqueo()}\n{resumen}"
    # Que haya habido mezcla: cada orden llegó a hacer lo suyo alguna vez (un hueco justo para ofrecerlo es cuestión de suerte).
    hechas = {orden for orden, estado, _ in mezcla.respuestas if estado < 300}
    assert set(ORDENES) - hechas <= {"ofertar", "borrarse"}, resumen
    for que, consulta in IMPOSIBLES.items():
        assert propietario.execute(consulta, {"org": mezcla.clinica.id}).fetchone()[0] == 0, que
