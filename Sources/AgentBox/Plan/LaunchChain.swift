public import SystemPackage

/// What is really started for a command, and which files that program needs to be itself.
///
/// Inside the box no further exec happens, so `#!` lines, `env`, version-manager shims and installed package runners
/// are followed here, and the box starts the chain's end. Pure over a ``FileSystemView``.
public struct LaunchChain: Hashable, Sendable {
    /// The real path of the file that is executed: always ELF.
    public internal(set) var program: FilePath
    /// What it is started with. `argv[0]` is the path as it was found, links unresolved: a virtual environment's Python
    /// and programs with many names look at it.
    public internal(set) var argv: [String]
    /// What `env` on the way changed.
    public internal(set) var environment = EnvironmentChange()
    /// The ELF interpreter's real path; `nil` for a static program.
    public internal(set) var interpreter: FilePath?
    /// The program's own files, by real path. Nothing lies below another entry.
    public internal(set) var readable: [ReadablePath] = []
    /// What needs the right to be executed: the program and its ELF interpreter.
    public internal(set) var executable: [FilePath] = []
    /// Of a shell; untrue where commands are granted.
    public static let shellNote = "a shell can start no other program without system.exec and --allow-command"
    /// Symbolic links on the way that lie in no readable folder: a box with its own mounts has to make them.
    public internal(set) var links: [SymbolicLink] = []
    /// The package runner that the command named, when what it would start was found installed.
    public internal(set) var runner: PackageRunner?
    /// The package that agentbound installed for that runner, when it is what is started.
    public internal(set) var package: PreparedPackage?
    /// One line for each thing a person should know: what was followed, and what was left out of the grant.
    public internal(set) var notes: [String] = []

    /// Follows `argv` to its end.
    /// - Parameters:
    ///   - argv: The command as the operator wrote it; not empty.
    ///   - path: The folders in which a plain name is looked for, in order.
    ///   - folder: The working directory, absolute.
    ///   - environment: What the server would start with. HOME, PYENV_VERSION and the like are read, nothing is kept.
    ///   - records: What was installed for package runners; asked only where the command is one.
    public init(
        argv: [String], path: [FilePath], folder: FilePath, environment: [String: String], files: any FileSystemView,
        records: any PackageRecords = NoPackageRecords()
    ) throws(LaunchChainError) {
        var builder = ChainBuilder(
            path: path, folder: folder, environment: environment, files: files, records: records)
        self = try builder.build(argv)
    }

    /// What a box with its own mounts has to bring.
    var mounted: [FilePath] { readable.filter { !$0.isListed }.map(\.path) + executable }
    /// Folders of which only names are needed.
    var listed: [FilePath] { readable.filter(\.isListed).map(\.path) }

    init(program: FilePath, argv: [String]) {
        self.program = program
        self.argv = argv
    }
}

/// A file, or a folder with all below it, that the program needs.
public struct ReadablePath: Hashable, Sendable {
    public var path: FilePath
    public var isFolder: Bool
    /// Whether the names below it are all that is needed: not what the files hold.
    public var isListed = false
    /// For people: `virtual environment`, `package folder`.
    public var reason: String

    public init(_ path: FilePath, isFolder: Bool, isListed: Bool = false, reason: String) {
        self.path = path
        self.isFolder = isFolder
        self.isListed = isListed
        self.reason = reason
    }
}

/// A symbolic link: where it lies (a real folder) and the text it holds.
public struct SymbolicLink: Hashable, Sendable {
    public var path: FilePath
    public var target: FilePath

    public init(path: FilePath, target: FilePath) {
        self.path = path
        self.target = target
    }
}

/// What `env` does to the environment before it starts a program, in this order.
public struct EnvironmentChange: Hashable, Sendable {
    /// `env -i`
    public var clears = false
    /// `env -u NAME`
    public var removed: [String] = []
    /// `env NAME=VALUE`, later ones win.
    public var set: [Assignment] = []

    public struct Assignment: Hashable, Sendable {
        public var name: String
        public var value: String
    }

    public init() {}

    public var isEmpty: Bool { !clears && removed.isEmpty && set.isEmpty }
}

/// Why a command cannot be started.
public enum LaunchChainError: Error, Hashable, Sendable {
    case emptyCommand
    /// No such file, or no such name in PATH.
    case notFound(String)
    case notExecutable(FilePath)
    case isFolder(FilePath)
    /// Neither ELF for this machine nor a script.
    case badFormat(FilePath, String)
    /// More `#!` lines than the kernel follows.
    case tooDeep(FilePath)
    case missingInterpreter(script: FilePath, interpreter: String)
    case unsupportedEnv(option: String)
    /// A package runner whose package is not installed yet, or one that cannot be boxed.
    case runner(PackageRunner)
    /// The program's own files would be a folder that holds far more than a program.
    case tooBroad(FilePath, need: String)

    /// As a shell would say it: 127 not found, 126 found but not to be executed; 125 when it is our own refusal.
    public var exitCode: Int32 {
        switch self {
        case .notFound: 127
        case .notExecutable, .isFolder, .badFormat, .tooDeep, .missingInterpreter: 126
        case .emptyCommand, .unsupportedEnv, .runner, .tooBroad: 125
        }
    }

    /// What is wrong, and what to do about it.
    public var explanation: (problem: String, next: String) {
        switch self {
        case .emptyCommand:
            ("no command was given", "write the server's command after `--`")
        case .notFound(let name):
            ("\(name): not found", "give its full path, or check PATH with `command -v \(name)`")
        case .notExecutable(let path):
            ("\(path): not executable", "`chmod +x \(path)`, or start it through its interpreter")
        case .isFolder(let path):
            ("\(path): is a folder", "give the path of the program")
        case .badFormat(let path, let why):
            ("\(path): \(why)", "check with `file \(path)` that it is a program for this machine")
        case .tooDeep(let path):
            ("\(path): more than five `#!` lines lead to each other", "start the last interpreter yourself")
        case .missingInterpreter(let script, let interpreter):
            (
                "\(script): its `#!` line names \(interpreter), which cannot be started",
                "install it, or start the script through an interpreter that is there"
            )
        case .unsupportedEnv(let option):
            ("env \(option) is not followed", "write the command without `env`")
        case .runner(let runner):
            ("`\(runner.kind.name) \(runner.package)` cannot start inside a box as it is", runner.next)
        case .tooBroad(let path, let need):
            (
                "\(need) is \(path), which holds far more than this program",
                "move the program into a folder of its own"
            )
        }
    }
}
