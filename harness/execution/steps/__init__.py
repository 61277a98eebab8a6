"""How each kind of step is carried out; `perform` chooses among them."""
