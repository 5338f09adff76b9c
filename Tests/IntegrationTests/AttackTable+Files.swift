import Glibc

/// A row for a hidden file: its name does not exist where namespaces hide it, and is refused where they do not.
private func hidden(
    _ id: String, _ title: String, _ act: String..., grants: Grants = .writing, outside: Control = .succeeds,
    needs: Set<Need> = []
) -> AttackCase {
    AttackCase(id, title, grants, act, outside: outside, namespaces: ENOENT, plain: EACCES, needs: needs)
}

extension AttackTable {
    static let files: [AttackCase] = [
        hidden("A1", "Open a file that is not granted", "open_read", "{secret}/key"),
        hidden("A1", "Open it for writing", "open_write", "{secret}/key"),
        hidden("A1", "List a folder that is not granted", "list_folder", "{secret}"),
        AttackCase(
            "A1", "Create a file in a folder that is not granted", .writing, ["create", "{secret}/new"],
            namespaces: ENOENT, plain: EACCES),
        AttackCase(
            "A1", "Make a folder beside the granted ones", .writing, ["create_folder", "{scene}/new"],
            inside: EACCES),

        hidden("A2", "By dot-dot", "open_read", "{work}/{up}/key"),
        hidden("A2", "By doubled slashes and dots", "open_read", "/{work}//.././{up-one}//./key"),
        hidden("A2", "By the root of /proc/self", "open_read", "/proc/self/root{secret}/key"),
        hidden("A2", "By the working directory in /proc/self", "open_read", "/proc/self/cwd/{up}/key"),
        hidden("A2", "By the root of its own number in /proc", "open_in_proc_root", "{secret}/key"),
        hidden("A2", "By a folder's descriptor in /dev/fd", "open_by_descriptor", "{work}", "{up}/key"),
        hidden("A2", "By openat from a granted folder", "open_by_openat", "{work}", "{up}/key"),
        hidden("A2", "By opening an O_PATH descriptor again", "reopen_descriptor", "{secret}/key"),
        AttackCase(
            "A2", "By the root of an outside process", .writing,
            ["proc_open_below", "{peer}", "root{secret}/key"], namespaces: ENOENT, plain: EACCES),
        AttackCase(
            "A2", "By the working directory of an outside process", .writing,
            ["proc_open_below", "{peer}", "cwd/etc/hostname"], namespaces: ENOENT, plain: EACCES),

        hidden("A3", "Through a symlink in a writable folder", "open_by_symlink", "{work}/link", "{secret}/key"),
        hidden("A3", "Through a relative symlink", "open_by_symlink", "{work}/link", "{up}/key"),
        hidden(
            "A3", "Through a symlink to /proc/self/root", "open_by_symlink", "{work}/link",
            "/proc/self/root{secret}/key"),
        hidden(
            "A4", "Through a symlink that changes all the time", "race_symlink", "{work}/link", "{read}/a.txt",
            "{secret}/key"),

        // Landlock answers EXDEV where the same file elsewhere would allow more.
        AttackCase(
            "A7", "Hard link from outside into a writable folder", .writing, ["link", "{secret}/key", "{work}/key"],
            namespaces: ENOENT, plain: EXDEV),
        AttackCase(
            "A7", "Hard link of a file that may only be read", .writing,
            ["link", "{read}/a.txt", "{work}/a.txt"], inside: EXDEV),
        AttackCase(
            "A7", "Hard link by a descriptor's alias", .writing, ["link_descriptor", "{secret}/key", "{work}/key"],
            namespaces: ENOENT, plain: EXDEV),
        hidden("A9", "Rename a file from outside into a writable folder", "rename", "{secret}/key", "{work}/key"),
        hidden(
            "A9", "Rename a folder from outside into a writable folder", "rename", "{secret}/folder",
            "{work}/folder"),
        hidden(
            "A9", "Exchange a writable folder with one outside", "rename_exchange", "{work}/old-folder",
            "{secret}/folder"),
        AttackCase(
            "A9", "Rename an own file to a folder that is not granted", .deleting,
            ["rename", "{work}/old.txt", "{secret}/old.txt"], namespaces: ENOENT, plain: EACCES),
        AttackCase(
            "A9", "Rename a file that may only be read", .deleting,
            ["rename", "{read}/a.txt", "{work}/a.txt"], inside: EACCES),

        AttackCase(
            "A10", "Unlink an old file with write alone", .writing, ["unlink", "{work}/old.txt"],
            inside: EACCES),
        AttackCase(
            "A10", "Remove an old folder with write alone", .writing, ["rmdir", "{work}/old-folder"],
            inside: EACCES),
        AttackCase(
            "A10", "Rename an old file away with write alone", .writing,
            ["rename", "{work}/old.txt", "{work}/new.txt"], inside: EACCES),
        AttackCase(
            "A10", "Exchanging two old files loses neither name, and is allowed", .writing,
            ["rename_exchange", "{work}/old.txt", "{work}/other.txt"], inside: 0),
        AttackCase(
            "A10", "Exchange an old folder with write alone: it takes all names below it along", .writing,
            ["rename_exchange", "{work}/old.txt", "{work}/old-folder"], inside: EACCES),
        AttackCase(
            "A10", "Exchange it from the other side", .writing,
            ["rename_exchange", "{work}/old-folder", "{work}/old.txt"], inside: EACCES),
        AttackCase(
            "A10", "Exchanging an old folder with the delete right is allowed", .deleting,
            ["rename_exchange", "{work}/old.txt", "{work}/old-folder"], inside: 0),
        AttackCase(
            "A10", "Rename one old file over another with write alone", .writing,
            ["rename", "{work}/old.txt", "{work}/other.txt"], inside: EACCES),
        AttackCase(
            "A10", "Leave a whiteout in place of an old file", .writing,
            ["rename_whiteout", "{work}/old.txt", "{work}/new.txt"], inside: EPERM),
        AttackCase(
            "A10", "Replacing an old file by an unnamed one is a write, and allowed", .writing,
            ["replace_by_tmpfile", "{work}", "{work}/old.txt"], inside: 0),
        AttackCase(
            "A10", "Unlink with the delete right is allowed", .deleting, ["unlink", "{work}/old.txt"],
            inside: 0),
        AttackCase(
            "A10", "Rename with the delete right is allowed", .deleting,
            ["rename", "{work}/old.txt", "{work}/new.txt"], inside: 0),
        AttackCase(
            "J6", "Replace an old file, then unlink what took its name", .writing,
            ["replace_then_unlink", "{work}/old.txt"], inside: EACCES),

        // A read-only mount answers before Landlock where a write would open or change the file.
        AttackCase(
            "A11", "Truncate a file that may only be read", .writing, ["truncate", "{read}/a.txt"],
            namespaces: EROFS, plain: EACCES),
        AttackCase(
            "A11", "Open it with O_TRUNC", .writing, ["open_truncate", "{read}/a.txt"], namespaces: EROFS,
            plain: EACCES),
        AttackCase(
            "A11", "Open it for writing", .writing, ["open_write", "{read}/a.txt"], namespaces: EROFS,
            plain: EACCES),
        AttackCase(
            "A11", "Append to it", .writing, ["open_append", "{read}/a.txt"], namespaces: EROFS,
            plain: EACCES),
        AttackCase(
            "A11", "Dig a hole into it", .writing, ["punch_hole", "{read}/a.txt"], namespaces: EROFS,
            plain: EACCES),
        AttackCase(
            "A11", "Create a file beside it", .writing, ["create", "{read}/new"], namespaces: EROFS,
            plain: EACCES),
        AttackCase(
            "A11", "Make a folder beside it", .writing, ["create_folder", "{read}/new"], namespaces: EROFS,
            plain: EACCES),
        AttackCase(
            "A11", "Make a pipe beside it", .writing, ["create_fifo", "{read}/new"], namespaces: EROFS,
            plain: EACCES),
        AttackCase(
            "A11", "Make a symlink beside it", .writing, ["create_symlink", "x", "{read}/new"],
            namespaces: EROFS, plain: EACCES),
        AttackCase(
            "A11", "Unlink it", .deleting, ["unlink", "{read}/a.txt"], inside: EACCES),

        hidden("A23", "A path of nearly PATH_MAX bytes", "open_padded_path", "{secret}/key"),
        AttackCase(
            "A23", "A path longer than PATH_MAX", .writing, ["open_long_path", "{secret}/key"],
            outside: .same, inside: ENAMETOOLONG),
        AttackCase(
            "A23", "A name longer than 255 bytes", .writing,
            ["create", "{work}/" + String(repeating: "n", count: 256)], outside: .same, inside: ENAMETOOLONG),
        hidden("A23", "A name with newline, escape and bytes that are no UTF-8", "open_odd_name", "{secret}"),
        AttackCase(
            "A23", "Such a name in a writable folder is allowed", .writing, ["create_odd_name", "{work}"],
            inside: 0),
        AttackCase(
            "A23", "Symlinks that go round", .writing, ["open_symlink_loop", "{work}/link"], outside: .same,
            inside: ELOOP),
        AttackCase(
            "A26", "Write more than the file size limit",
            .writing.with(["--limit", "fileSize=64K"]), ["write_bytes", "{work}/big", "1048576"],
            inside: EFBIG),
    ]

    /// A workspace that may be written, and in it what runs later or holds secrets.
    private static let project = Grants(
        ["filesystem.read", "filesystem.write"], ["--read-path", "{project}", "--write-path", "{project}"])
    private static let clearable = project.adding(["filesystem.delete"], ["--delete-path", "{project}"])
    private static func closed(_ id: String, _ title: String, _ act: [String], _ grants: Grants = project)
        -> AttackCase
    {
        AttackCase(id, title, grants, act, inside: EACCES)
    }
    static let hooks: [AttackCase] = [
        closed("A22", "Change a git hook", ["open_write", "{project}/.git/hooks/pre-commit"]),
        closed("A22", "Add a git hook", ["create", "{project}/.git/hooks/post-checkout"]),
        closed("A22", "Change git's configuration", ["open_write", "{project}/.git/config"]),
        closed("A22", "Lead git to another configuration", ["create", "{project}/.git/commondir"]),
        closed("A22", "Change the client's list of servers", ["open_write", "{project}/.mcp.json"]),
        closed("A22", "Add an editor's task", ["create", "{project}/.vscode/tasks.json"]),
        closed("A22", "Rename the folder of hooks away", ["rename", "{project}/.git/hooks", "{project}/h"]),
        closed("A22", "Rename the folder above it away", ["rename", "{project}/.git", "{project}/g"]),
        closed(
            "A22", "Exchange the folder above it", ["rename_exchange", "{project}/.git", "{project}/deploy"], clearable),
        closed("A22", "Lead a submodule to another configuration", ["create", "{project}/.git/modules/m/commondir"]),
        closed("A22", "Lead a worktree to another configuration", ["create", "{project}/.git/worktrees/w/commondir"]),
        closed("A22", "Give a worktree settings", ["create", "{project}/.git/worktrees/w/config.worktree"]),
        closed("A29", "Bring a file .git in a folder made elsewhere", ["plant_git_file", "{project}/deploy"]),
        closed("A25", "Read the environment file of the project", ["open_read", "{project}/.env"]),
        closed("A25", "Read a private key of the project", ["open_read", "{project}/id.pem"]),
        closed("A25", "Read it by the root of /proc/self", ["open_read", "/proc/self/root{project}/.env"]),
        closed(
            "A25", "Read it by an older descriptor of the folder it is in", ["open_by_descriptor", "{project}", ".env"]),
        closed("A25", "Read it from an open folder", ["open_by_openat", "{project}", ".env"]),
        closed("A25", "Read it through a link of one's own", ["open_by_symlink", "{project}/l", "{project}/.env"]),
        closed(
            "A25", "Read it by opening an older descriptor of it again", ["reopen_descriptor", "{project}/.env"]),
        closed("A25", "Give it another name", ["link", "{project}/.env", "{project}/e"]),
        closed("A25", "Give it another name by a descriptor", ["link_descriptor", "{project}/.env", "{project}/e"]),
        closed("A25", "Rename it", ["rename", "{project}/.env", "{project}/e"], clearable),
        closed("A25", "Empty it", ["truncate", "{project}/.env"]),
        closed("A25", "Remove it", ["unlink", "{project}/.env"], clearable),
        closed("A25", "Let others read it", ["chmod", "{project}/.env"]),
        closed("A25", "Watch it", ["watch", "{project}/.env"]),
        closed("K6", "Add a git hook where the hooks are a link", ["create", "{project}/linked/.git/hooks/new"]),
        closed("K6", "Add it where the link leads to", ["create", "{project}/linked/shared/new"]),
        closed("K6", "Read an environment file that is a link", ["open_read", "{project}/linked/.env"]),
        closed(
            "A25", "Read it after renaming the folder above it",
            ["rename_folder_above", "{project}/deploy", "{project}/elsewhere", ".env"], clearable),
        closed(
            "A25", "Read it by a descriptor older than that renaming",
            ["rename_folder_of_descriptor", "{project}/deploy", "{project}/elsewhere", ".env"], clearable),
        AttackCase(
            "A25", "Read below a denied path", .reading.with(["--deny-path", "{read}/1/folder"]),
            ["list_folder", "{read}/folder"], outside: .answers(0), inside: EACCES),

        closed("A28", "Make an environment file that was not there", ["create", "{project}/deploy/.env.local"]),
        closed("A28", "Make a pipe of that name", ["create_fifo", "{project}/.env.pipe"]),
        closed("A28", "Make a link of that name", ["create_symlink", "main.c", "{project}/.env.link"]),
        closed("A28", "Give a file that name too", ["link", "{project}/main.c", "{project}/.env.too"]),
        closed(
            "A28", "Give it that name by a descriptor", ["link_descriptor", "{project}/main.c", "{project}/.envrc"]),
        closed("A28", "Rename a file to it", ["rename", "{project}/main.c", "{project}/.env.main"], clearable),
        closed("A28", "Put an unnamed file there", ["replace_by_tmpfile", "{project}", "{project}/.envrc"]),
        closed("A28", "Make it through a link that leads nowhere yet", ["create_by_symlink", "{project}/l", ".env.l"]),
        closed("A28", "Make a folder of settings that was not there", ["create_folder", "{project}/.cursor"]),
        closed("A28", "Rename a folder to it", ["rename", "{project}/deploy", "{project}/.cursor"], clearable),
        closed("A28", "Make hooks in a repository of one's own", ["plant_in_place", "{project}/deploy"]),
        closed(
            "A28", "Make what a pattern of the operator's describes", ["create", "{project}/deploy/x.plan"],
            project.with(["--deny-path", "*.plan"])),
        closed("A29", "Make hooks in a folder and name it .git", ["plant_by_rename", "{project}/deploy"]),
        closed("A29", "Exchange it with one of that name", ["plant_by_exchange", "{project}/deploy"]),
        closed("A29", "Let a link .git lead to it", ["plant_by_symlink", "{project}/deploy"]),
        closed("A30", "Change the path while it is looked at", ["race_path", "{project}/main.c", "{project}/.env"]),
        closed(
            "A30", "Change a link while it is followed",
            ["race_symlink", "{project}/swapped", "{project}/main.c", "{project}/.env"], clearable),
        AttackCase(
            "A28", "Making an ordinary name is allowed", project, ["create", "{project}/deploy/new.txt"], inside: 0),
        AttackCase(
            "A28", "Reading git's configuration is allowed", project, ["open_read", "{project}/.git/config"], inside: 0),
        AttackCase(
            "A28", "Putting an unnamed file in place is allowed", project,
            ["replace_by_tmpfile", "{project}", "{project}/fresh"], inside: 0),
        AttackCase(
            "A28", "Opening a descriptor of it again is allowed", project, ["reopen_descriptor", "{project}/main.c"],
            inside: 0),
        AttackCase(
            "A28", "Opening below a descriptor of the folder is allowed", project,
            ["open_by_descriptor", "{project}", "main.c"], inside: 0),
        AttackCase(
            "A28", "An entry that was lifted is allowed", project.with(["--allow-protected", "**/.env*"]),
            ["create", "{project}/deploy/.env.local"], inside: 0),
        AttackCase(
            "A28", "A path that was named is allowed, before it is there",
            project.with(["--allow-protected", "{project}/1/.env.named"]), ["create", "{project}/.env.named"],
            inside: 0),
    ]

    /// Requests that change a file through a descriptor that may only read it. They are answered before the file is looked
    /// at, so that the control only has to get another answer: not every file system knows them.
    private static let fileRequests: [AttackCase] = [
        ("flags", "0x40086602"), ("version", "0x40087602"), ("version as ext4 writes it", "0x40086604"),
        ("verity, after which nobody can change it", "0x40806685"), ("encryption", "0x800c6613"),
    ].map { what, request in
        AttackCase(
            "K7", "Change a readable file's \(what)", .writing, ["file_request", "{read}/a.txt", request],
            outside: .differs, inside: EPERM)
    }

    static let metadata: [AttackCase] =
        fileRequests
        + [
            ("chmod", "chmod"), ("chmod_at2", "fchmodat2"), ("chown", "chown"), ("lchown", "lchown"),
            ("utimensat", "utimensat"), ("setxattr", "setxattr"), ("lsetxattr", "lsetxattr"),
            ("chown_empty_path", "fchownat with an empty path"),
            ("utimensat_empty_path", "utimensat with an empty path"),
        ].map { act, call in hidden("A12", "\(call) of a file that is not granted", act, "{secret}/key") }
        + [
            ("chmod", "chmod"), ("chmod_alias", "chmod by a descriptor's alias"), ("chmod_at2", "fchmodat2"),
            ("fchmod", "fchmod"), ("chown", "chown"),
            ("lchown", "lchown"), ("fchown", "fchown"), ("chown_empty_path", "fchownat with an empty path"),
            ("utimensat", "utimensat"), ("futimens", "futimens"),
            ("utimensat_empty_path", "utimensat with an empty path"), ("setxattr", "setxattr"),
            ("lsetxattr", "lsetxattr"), ("fsetxattr", "fsetxattr"),
        ].map { act, call in
            AttackCase(
                "A12", "\(call) of a file that may only be read", .writing, [act, "{read}/a.txt"], inside: EACCES)
        }
        + [
            AttackCase(
                "K7", "Asking for a file's flags is allowed", .writing, ["file_request", "{read}/a.txt", "0x80086601"],
                inside: 0),
            AttackCase(
                "A12", "chmod of it by a descriptor's alias is allowed", .writing, ["chmod_alias", "{work}/old.txt"],
                inside: 0),
            AttackCase("A12", "chmod of a writable file is allowed", .writing, ["chmod", "{work}/old.txt"], inside: 0),
            AttackCase(
                "A12", "setxattrat, newer than the list, is unknown", .writing,
                ["setxattr_at", "{read}/a.txt"], inside: ENOSYS, needs: [.kernelFeature]),
        ]
        + ["open", "creat", "mknod", "O_TMPFILE"].map {
            AttackCase(
                "K8", "Make a set-id file with \($0)", .writing,
                ["set_id_file", $0 == "O_TMPFILE" ? "{work}" : "{work}/set-id", $0], inside: EPERM)
        }
        // Seen in plain mode, hidden with namespaces: documented.
        + ["stat", "statx", "access", "listxattr"].map {
            AttackCase(
                "A13", "\($0) of a hidden file; visible in plain mode", .writing, [$0, "{secret}/key"],
                namespaces: ENOENT, plain: 0)
        }
        + [
            AttackCase(
                "A13", "readlink of a hidden link; visible in plain mode", .writing,
                ["readlink", "{secret}/link"], namespaces: ENOENT, plain: 0),
            AttackCase(
                "A13", "chdir into a hidden folder; visible in plain mode", .writing,
                ["change_folder", "{secret}"], namespaces: ENOENT, plain: 0),
            hidden("A13", "Watch a folder that is not granted", "watch", "{secret}"),
            hidden("A14", "Lock a file that is not granted", "flock", "{secret}/key"),
            AttackCase("A14", "Lease on a readable file", .writing, ["lease", "{read}/a.txt"], inside: EPERM),
            AttackCase(
                "A19", "File handle of a readable file", .writing, ["name_to_handle", "{read}/a.txt"],
                inside: EPERM),
        ]

    static let devicesAndMounts: [AttackCase] = [
        AttackCase(
            "K15", "Change the mode of the null device, as root", .writing, ["chmod_same", "/dev/null"],
            inside: EACCES, needs: [.root]),
        hidden("A15", "Open the clone device of terminals", "open_write", "/dev/ptmx", needs: [.kernelFeature]),
        hidden("A15", "Write to the kernel log's device", "open_write", "/dev/kmsg", needs: [.root, .kernelFeature]),
        hidden(
            "A15", "Open the first disk", "open_read", "/dev/vda", outside: .differs, needs: [.root, .kernelFeature]),
        hidden(
            "A15", "Open the FUSE device", "open_read", "/dev/fuse", outside: .differs, needs: [.root, .kernelFeature]),
        hidden(
            "A15", "Open the tunnel device", "open_write", "/dev/net/tun", outside: .differs,
            needs: [.root, .kernelFeature]),
        hidden("E15", "Read a virtual console", "open_read", "/dev/vcs", needs: [.root, .kernelFeature]),
        hidden("E15", "Open another console", "open_read", "/dev/tty63", needs: [.root, .kernelFeature]),
        hidden("J9", "Open somebody's pseudo-terminal", "open_write", "{peer-terminal}", needs: [.kernelFeature]),
        hidden("A16", "Read a file in /dev/shm", "open_read", "{shared}"),
        AttackCase(
            "A17", "Open core_pattern for writing", .writing, ["open_write", "/proc/sys/kernel/core_pattern"],
            inside: EACCES, needs: [.root]),
        AttackCase(
            "A17", "Open sysrq-trigger for writing", .writing, ["open_write", "/proc/sysrq-trigger"],
            inside: EACCES, needs: [.root, .kernelFeature]),
        hidden(
            "A17", "Open uevent_helper for writing", "open_write", "/sys/kernel/uevent_helper",
            needs: [.root, .kernelFeature]),
        hidden(
            "A18", "Open the root cgroup's list of processes", "open_write",
            "/sys/fs/cgroup/cgroup.procs", needs: [.root, .kernelFeature]),
        // Language runtimes read their limits there, so the box sees some of it, on a read-only mount.
        AttackCase(
            "A18", "The same of a version 1 hierarchy", .writing, ["open_write", "/sys/fs/cgroup/pids/cgroup.procs"],
            namespaces: EROFS, plain: EACCES, needs: [.root, .kernelFeature]),
        AttackCase(
            "A19", "Open a file by its handle", .writing, ["open_by_handle", "{work}", "{read}/a.txt"],
            inside: EPERM, needs: [.root]),
        AttackCase(
            "A20", "Mount a file system", .writing, ["mount", "{work}/old-folder"], inside: EPERM,
            needs: [.root]),
        AttackCase(
            "A20", "Bind a folder elsewhere", .writing, ["mount_bind", "{read}", "{work}/old-folder"],
            inside: EPERM, needs: [.root]),
        AttackCase(
            "A20", "Unmount what is no mount", .writing, ["umount", "{work}"], outside: .answers(EINVAL),
            inside: EPERM, needs: [.root]),
        AttackCase("A20", "Change the root", .writing, ["chroot", "{work}"], inside: EPERM, needs: [.root]),
        AttackCase(
            "A20", "Pivot the root", .writing, ["pivot_root", "{work}"], outside: .differs, inside: EPERM,
            needs: [.root]),
        AttackCase("A20", "fsopen", .writing, ["fsopen"], inside: EPERM, needs: [.root]),
        AttackCase(
            "A20", "open_tree with a clone", .writing, ["open_tree_clone", "{work}"], inside: EPERM,
            needs: [.root]),
        AttackCase(
            "A20", "move_mount", .writing, ["move_mount", "{work}"], outside: .answers(EINVAL), inside: EPERM,
            needs: [.root]),
        AttackCase("A20", "mount_setattr", .writing, ["mount_setattr", "/"], inside: EPERM, needs: [.root]),
        AttackCase(
            "A21", "Put a layer over a folder that may only be read", .writing,
            ["mount_overlay", "{read}", "{work}/old-folder"], inside: EPERM, needs: [.root, .kernelFeature]),
        AttackCase(
            "A21", "Mount in namespaces of its own, as an ordinary user may", .writing,
            ["mount_in_own_namespace", "{work}/old-folder"], inside: EPERM),
    ]
}
