"""``aftercare remind``: tell people what has changed, once."""

import typer

from aftercare.cli import timers

app = typer.Typer(no_args_is_help=True, help="Tell people what has changed, once.")
for command in (timers.install, timers.status, timers.uninstall):
    app.command()(command)
