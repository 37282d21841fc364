from longlight.cli import main

main()
