"""El banco: Servet y sus contendientes, lado a lado sobre la misma base. Véase ``bench/README.md``."""
