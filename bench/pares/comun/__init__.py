"""Lo que comparten los contendientes de Python: dominio puro, sin base ni HTTP."""
