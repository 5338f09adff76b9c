extension RuleText {
    /// What the reader of shell scripts takes note of. Programs: ``Programs``.
    static let shell = """
        #$*.value | env | reads an environment variable | env=0
        #* | exec | starts a program | program=0 called
        sh#env | env | reads an environment variable | env=0
        sh#export | setenv | sets a variable for all programs that it starts | called
        sh#program | exec | starts a program | program=0
        sh#filter | exec | starts a program | command=0
        sh#computed | exec | starts a program whose name is computed
        sh#eval | exec | runs text as commands | medium
        sh#read | read | takes its input from a file | path=0
        sh#open | read | starts a program that reads a file | medium
        sh#look | read | looks whether a file is there | path=0
        sh#write | write | sends its output to a file | path=0
        sh#change | write | starts a program that writes a file | medium
        sh#delete | delete | removes files
        sh#connect | client | connects to a host | host=0
        sh#listen | server | listens for connections | port=0
        sh#signal | process | signals processes
        """
}
