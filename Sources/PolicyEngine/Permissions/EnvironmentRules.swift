/// Which environment variables reach the server.
public enum EnvironmentRules {
    /// Passed on when the operator has them. PATH is built anew. `LC_` stands for all that begin so.
    public static let base = ["HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_", "TZ", "TERM", "TMPDIR"]

    /// Variables that make a loader, an interpreter or a tool run code or read settings of the sender's choice.
    /// They pass only when named one by one. A trailing `*` stands for any ending.
    public static let injection: [(pattern: String, why: String)] =
        rows(
            "the dynamic loader or the C library loads code from it",
            [
                "LD_*", "DYLD_*", "GLIBC_TUNABLES", "GCONV_PATH", "LOCPATH", "NLSPATH", "GETCONF_DIR", "HOSTALIASES",
                "RESOLV_HOST_CONF", "RES_OPTIONS", "MALLOC_*", "LIBC_*", "OPENSSL_CONF", "OPENSSL_ENGINES",
                "OPENSSL_MODULES",
                "SSLKEYLOGFILE", "KRB5_CONFIG", "GTK_MODULES", "GIO_EXTRA_MODULES", "QT_PLUGIN_PATH",
            ])
        + rows(
            "an interpreter runs code from it",
            [
                "NODE_OPTIONS", "NODE_PATH", "NODE_REPL_EXTERNAL_MODULE", "NODE_EXTRA_CA_CERTS", "BUN_OPTIONS",
                "DENO_*",
                "npm_config_*", "NPM_CONFIG_*", "PYTHON*", "PIP_*", "UV_*", "VIRTUAL_ENV", "RUBYOPT", "RUBYLIB",
                "GEM_HOME",
                "GEM_PATH", "BUNDLE_*", "PERL5OPT", "PERL5LIB", "PERLLIB", "PERL5DB", "PERL_*", "JAVA_TOOL_OPTIONS",
                "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JAVA_OPTS", "CLASSPATH", "MAVEN_OPTS", "GRADLE_OPTS", "LUA_*",
                "PHPRC",
                "PHP_INI_SCAN_DIR", "DOTNET_*", "CORECLR_*", "COMPLUS_*", "R_PROFILE*", "R_ENVIRON*", "ERL_*",
                "ELIXIR_ERL_OPTIONS",
                "GOFLAGS", "GODEBUG", "RUSTC_WRAPPER", "CARGO_*", "RUSTFLAGS", "JULIA_*",
            ])
        + rows(
            "a shell runs it, or reads its commands from it",
            [
                "BASH_ENV", "BASH_FUNC_*", "BASHOPTS", "SHELLOPTS", "ENV", "ZDOTDIR", "PROMPT_COMMAND", "PS1", "PS2",
                "PS3",
                "PS4", "IFS", "CDPATH", "GLOBIGNORE", "EXECIGNORE", "FPATH",
            ])
        + rows(
            "a tool starts the program that it names, or reads settings from where it points",
            [
                "GIT_*", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "SUDO_ASKPASS", "EDITOR", "VISUAL", "PAGER", "MANPAGER",
                "BROWSER", "LESSOPEN", "LESSCLOSE", "LESS", "TERMINFO", "TERMINFO_DIRS", "TERMCAP", "MAKEFLAGS", "CC",
                "CXX",
                "PKG_CONFIG_PATH", "CURL_HOME", "WGETRC", "INPUTRC", "GNUPGHOME", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS",
                "XDG_DATA_DIRS",
            ])

    private static func rows(_ why: String, _ patterns: [String]) -> [(pattern: String, why: String)] {
        patterns.map { ($0, why) }
    }

    /// Why `name` is an injection variable, or `nil`.
    public static func injectionReason(_ name: String) -> String? {
        injection.first { row in
            row.pattern.utf8.last == UInt8(ascii: "*")
                ? name.utf8.starts(with: row.pattern.utf8.dropLast()) : name.utf8.elementsEqual(row.pattern.utf8)
        }?.why
    }

    /// Whether `name` is of letters, digits and underscores and does not begin with a digit. Source: POSIX, 8.1.
    public static func isValidName(_ name: some StringProtocol) -> Bool {
        guard let first = name.utf8.first, !isDigit(first) else { return false }
        return name.utf8.allSatisfy {
            isDigit($0) || $0 == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
        }
    }

    /// Whether `name` is in the base set.
    static func isBase(_ name: String) -> Bool { base.contains(name) || name.hasPrefix("LC_") && isValidName(name) }

    /// The kernel's limit for one string of an environment, with its name, `=` and final NUL. Source: execve(2), MAX_ARG_STRLEN.
    static let longestString = 131_072
}

/// The launcher's own environment, as far as it can be passed on.
public struct InheritedEnvironment: Hashable, Sendable {
    /// The first value of each name, as getenv(3) finds it.
    public var variables: [String: String] = [:]
    /// Names whose value is not UTF-8; they are left out.
    public var unreadable: [String] = []

    /// - Parameter strings: `NAME=VALUE` as the process got them, without the final NUL. What has no name is left out.
    public init(strings: [[UInt8]]) {
        for string in strings {
            guard let equals = string.firstIndex(of: UInt8(ascii: "=")), equals > 0,
                let name = String(validating: string[..<equals], as: UTF8.self), variables[name] == nil
            else { continue }
            if let value = String(validating: string[(equals + 1)...], as: UTF8.self) {
                variables[name] = value
            } else if !unreadable.contains(name) {
                unreadable.append(name)
            }
        }
    }

    public init(_ variables: [String: String] = [:]) { self.variables = variables }
}
