"""What leaves the machine, and only to where the person said: notifications and timers."""
