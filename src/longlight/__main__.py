from longlight.cli import main

main(prog_name="longlight")
