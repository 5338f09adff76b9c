import Commands

// Everything, exit codes included, is decided in Commands.
Program.main()
