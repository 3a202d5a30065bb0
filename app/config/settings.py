"""Ajustes que vienen del entorno, validados una sola vez al arrancar."""

from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETO_DE_EJEMPLO = "secreto-de-ejemplo-no-usar-en-produccion"


class Modo(StrEnum):
    """Para qué corre esta instancia."""

    DEMO = "demo"
    PRUEBAS = "pruebas"
    PRODUCCION = "produccion"


class Settings(BaseSettings):
    """Variables de entorno de Servet; el nombre de cada una es su alias."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True)

    modo: Modo = Field(default=Modo.PRODUCCION, alias="SERVET_MODO")
    database_url: str = Field(default="", alias="DATABASE_URL")
    database_url_propietario: str = Field(default="", alias="SERVET_DATABASE_URL_PROPIETARIO")
    datos: Path = Field(default=Path(".servet"), alias="SERVET_DATOS")
    secreto: SecretStr = Field(default=SecretStr(SECRETO_DE_EJEMPLO), alias="SERVET_SECRETO")
    demo_contrasena: SecretStr = Field(default=SecretStr(""), alias="SERVET_DEMO_CONTRASENA")
    conexiones: int = Field(default=8, ge=1, alias="SERVET_CONEXIONES")
    limite_cuerpo: int = Field(default=1024 * 1024, alias="SERVET_LIMITE_CUERPO")
    limite_adjunto: int = Field(default=25 * 1024 * 1024, ge=1, alias="SERVET_LIMITE_ADJUNTO")
    adjuntos_url: SecretStr = Field(default=SecretStr(""), alias="SERVET_ADJUNTOS_URL")
    metricas_token: SecretStr = Field(default=SecretStr(""), alias="SERVET_METRICAS_TOKEN")
    url_publica: str = Field(default="http://localhost:8000", alias="SERVET_URL_PUBLICA")
    smtp_url: SecretStr = Field(default=SecretStr(""), alias="SERVET_SMTP_URL")
    correo_remitente: str = Field(default="servet@localhost", alias="SERVET_CORREO_REMITENTE")
    proxies: int = Field(default=0, ge=0, alias="SERVET_PROXIES")

    @property
    def url_migraciones(self) -> str:
        """Conexión del propietario del esquema; sin ella, la de la aplicación."""
        return self.database_url_propietario or self.database_url

    @property
    def reloj_ajustable(self) -> bool:
        """Si la cabecera X-Servet-Reloj puede fijar «ahora»."""
        return self.modo is not Modo.PRODUCCION


@cache
def get_settings() -> Settings:
    """Los ajustes de este proceso."""
    return Settings()
