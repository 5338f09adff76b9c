import SystemPackage

/// What stays closed inside every grant unless an override names it: secrets, and files that run later with the user's rights.
public enum ProtectedPaths {
    public struct Row: Hashable, Sendable {
        /// Begins with `~/` (in the home folder) or `**/` (anywhere).
        public let pattern: String
        public let access: DeniedPath.Access
        public let why: String
        /// The pattern without its beginning and with a closing slash; `nil` where it holds wildcards.
        private let literal: [UInt8]?
        private let start: Start

        init(_ pattern: String, _ access: DeniedPath.Access, _ why: String) {
            self.pattern = pattern
            self.access = access
            self.why = why
            start =
                pattern.utf8.starts(with: "**/".utf8) ? .anywhere : pattern.utf8.starts(with: "~/".utf8) ? .home : .root
            let rest = pattern.utf8.dropFirst(start == .anywhere ? 2 : start == .home ? 1 : 0)
            literal =
                rest.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
                ? nil : Array(rest) + [UInt8(ascii: "/")]
        }

        /// Whether it keeps agentbound's own files, which no override opens.
        var isOwn: Bool { pattern.hasSuffix("/agentbound") }

        private enum Start { case anywhere, home, root }

        /// Whether it closes a path, written with a slash behind it.
        func closes(_ path: [UInt8], homes: [String]) -> Bool {
            guard let literal else {
                let parts = path.split(separator: UInt8(ascii: "/"))
                return ProtectedPaths.absolute(self, homes: homes).contains { PathPattern($0).matches(parts) }
            }
            switch start {
            case .anywhere:
                let last = path.count - literal.count
                return last >= 0
                    && (0...last).contains {
                        path[$0] == literal[0] && path[$0..<$0 + literal.count].elementsEqual(literal)
                    }
            case .home:
                return homes.contains {
                    path.starts(with: $0.utf8) && path.dropFirst($0.utf8.count).starts(with: literal)
                }
            case .root: return path.starts(with: literal)
            }
        }
    }

    public static let table: [Row] =
        rows(
            .all, "keys and passwords",
            [
                "~/.ssh", "~/.gnupg", "~/.password-store", "~/.local/share/keyrings", "~/.local/share/kwalletd",
                "~/.netrc",
                "~/.git-credentials", "~/.config/git/credentials", "~/.pgpass", "~/.my.cnf", "~/.vault-token",
                "~/.config/age", "~/.config/sops", "~/.config/1Password", "~/.config/op", "~/.config/Bitwarden",
                "~/.config/KeePass", "~/.config/keepassxc", "~/.pki", "**/*.pem", "**/*.key", "**/*.p12", "**/*.pfx",
                "**/*.kdbx", "**/id_rsa", "**/id_ecdsa", "**/id_ed25519",
            ])
        + rows(
            .all, "tokens of tools and clouds",
            [
                "~/.aws", "~/.azure", "~/.config/gcloud", "~/.config/gh", "~/.config/hub", "~/.config/glab-cli",
                "~/.kube",
                "~/.docker/config.json", "~/.config/containers/auth.json", "~/.npmrc", "~/.yarnrc.yml", "~/.pypirc",
                "~/.config/pypoetry/auth.toml", "~/.cargo/credentials", "~/.cargo/credentials.toml",
                "~/.gem/credentials",
                "~/.m2/settings.xml", "~/.gradle/gradle.properties", "~/.terraform.d/credentials.tfrc.json",
                "~/.config/doctl",
                "~/.config/huggingface", "~/.cache/huggingface/token", "~/.config/rclone", "~/.claude.json",
                "~/.claude/.credentials.json", "~/.codex/auth.json", "**/.env*",
            ])
        + rows(
            .all, "browser profiles and mail",
            [
                "~/.mozilla", "~/.config/google-chrome", "~/.config/chromium", "~/.config/BraveSoftware",
                "~/.config/microsoft-edge", "~/.config/vivaldi", "~/.config/opera", "~/.thunderbird", "~/snap/firefox",
                "~/.var/app/org.mozilla.firefox", "~/.var/app/com.google.Chrome",
            ])
        + rows(
            .write, "shell start-up files",
            [
                "~/.profile", "~/.bash_profile", "~/.bash_login", "~/.bash_logout", "~/.bash_aliases", "~/.zprofile",
                "~/.zlogin", "~/.zlogout", "~/.config/fish", "~/.inputrc", "~/.xprofile", "~/.xsession", "~/.xinitrc",
                "~/.pam_environment", "**/.bashrc", "**/.zshrc", "**/.zshenv",
            ])
        + rows(
            .write, "programs that start by themselves or by name",
            [
                "~/.config/systemd/user", "~/.local/share/systemd/user", "~/.config/autostart",
                "~/.config/environment.d",
                "~/.local/share/applications", "~/.local/bin", "~/bin", "/var/spool/cron", "/etc/cron*",
            ])
        + rows(
            .write, "hooks and settings of git",
            [
                "~/.gitconfig", "~/.config/git", "**/.git/hooks", "**/.git/config", "**/.git/config.worktree",
                "**/.git/commondir", "**/.git/modules/**/hooks", "**/.git/modules/**/config",
                "**/.git/modules/**/config.worktree", "**/.git/modules/**/commondir",
                "**/.git/worktrees/**/config.worktree", "**/.git/worktrees/**/commondir", "**/.gitmodules",
                "**/.husky", "**/.pre-commit-config.yaml",
            ])
        + rows(
            .write, "settings of editors and agents",
            [
                "**/.vscode", "**/.idea", "**/.cursor", "**/.cursorrules", "**/.claude", "**/.codex", "**/.gemini",
                "**/.mcp.json", "**/mcp.json", "**/.windsurf", "**/.devcontainer", "**/CLAUDE.md", "**/AGENTS.md",
                "~/.vimrc", "~/.config/nvim", "~/.emacs", "~/.emacs.d", "~/.config/Claude", "~/.config/Code",
            ])
        + rows(
            .write, "agentbound's own consent, settings and records",
            [
                "~/.config/agentbound", "~/.local/state/agentbound", "~/.local/share/agentbound",
            ])

    private static func rows(_ access: DeniedPath.Access, _ why: String, _ patterns: [String]) -> [Row] {
        patterns.map { Row($0, access, why) }
    }

    /// The row's pattern with each home folder filled in; none when there is no home.
    static func absolute(_ row: Row, homes: [String]) -> [String] {
        if row.pattern.hasPrefix("~/") { return homes.map { $0 + row.pattern.dropFirst(1) } }
        return [row.pattern.hasPrefix("/") ? row.pattern : "/" + row.pattern]
    }

    /// The rows that close `path` or a folder that it is in.
    ///
    /// On the path of every start, for some two hundred rows: rows without wildcards are compared as text.
    static func rows(closing path: FilePath, homes: [FilePath]) -> [Row] {
        let text = Array((path.string + "/").utf8)
        let homes = homes.map(\.string)
        return table.filter { $0.closes(text, homes: homes) }
    }

    /// The table as patterns that can lie inside `folders`, which are granted: each `**/` row once for every outermost folder.
    static func inside(_ folders: [FilePath], homes: [FilePath], _ table: [Row] = table) -> [DeniedPath] {
        if folders.isEmpty { return [] }
        let roots = outermost(folders).map { Root($0) }
        let homes = homes.map(\.string)
        return table.flatMap { row -> [DeniedPath] in
            instances(of: row, under: roots, homes: homes).map {
                DeniedPath(pattern: $0, access: row.access, origin: .protected)
            }
        }
    }

    private static func instances(of row: Row, under roots: [Root], homes: [String]) -> [String] {
        guard row.pattern.hasPrefix("**/") else {
            return absolute(row, homes: homes).filter { pattern in
                let path = pattern + "/"
                return roots.contains { path.hasPrefix($0.slashed) || $0.slashed.hasPrefix(path) }
            }
        }
        return roots.flatMap { instances(of: String(row.pattern.dropFirst(3)), under: $0) }
    }

    /// `rest` at any depth below `root`; and where `root` already ends with the beginning of it, as `.git` does for
    /// `.git/hooks`, what remains of it.
    static func instances(of rest: String, under root: FilePath) -> [String] { instances(of: rest, under: Root(root)) }

    private static func instances(of rest: String, under root: Root) -> [String] {
        var found = [root.slashed + "**/" + rest]
        if !rest.utf8.contains(UInt8(ascii: "/")) { return found }
        let parts = rest.split(separator: "/").map(String.init)
        for count in 1..<max(1, parts.count) where root.components.suffix(count).elementsEqual(parts.prefix(count)) {
            found.append(root.slashed + parts.dropFirst(count).joined(separator: "/"))
        }
        return found
    }

    /// A granted folder, taken apart once.
    struct Root {
        let components: [String]
        /// With a slash behind it.
        let slashed: String

        init(_ folder: FilePath) {
            components = folder.components.map(\.string)
            slashed = folder.string == "/" ? "/" : folder.string + "/"
        }
    }

    /// `folders` without those that lie in another one.
    static func outermost(_ folders: [FilePath]) -> [FilePath] {
        var kept: [FilePath] = []
        // A folder sorts before what is below it, with nothing else between that would matter.
        for folder in Set(folders).sorted(by: {
            $0.components.lexicographicallyPrecedes($1.components) { $0.string < $1.string }
        })
        where !(kept.last.map { folder.lies(in: $0) } ?? false) { kept.append(folder) }
        return kept
    }
}
