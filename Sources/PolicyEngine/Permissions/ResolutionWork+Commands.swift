import ManifestModel
import SystemPackage

extension ResolutionWork {
    /// The folders that PATH may name: the program's own, then the system's, none of them writable to the server.
    mutating func resolveSearchFolders() {
        for folder in context.programFolders + context.systemFolders {
            guard let file = try? context.lookup.find(folder), file.kind == .folder, !searchFolders.contains(folder)
            else { continue }
            if isChangeable(file.path) {
                warnings.append("PATH: left \(folder) out, since the server may write there")
            } else if folder.string.utf8.contains(UInt8(ascii: ":")) {
                warnings.append("PATH: left \(folder) out, since PATH cannot hold a name with a colon")
            } else {
                searchFolders.append(folder)
            }
        }
    }

    /// Whether the server could replace what is at `path`.
    func isChangeable(_ path: FilePath) -> Bool {
        (result.writePaths + result.deletePaths).contains { path.lies(in: $0) }
    }

    mutating func resolveCommands() {
        guard isGranted(.exec) else { return }
        for entry in entries(.allowedCommands) {
            guard let file = program(entry) else { continue }
            if file.kind != .file || !file.isExecutable {
                refuse(
                    entry, "\(file.path) is \(file.kind == .file ? "not executable" : "a \(file.kind.words)")",
                    next: "name a program")
            } else if DynamicLoader.isNamed(file.path) {
                refuse(
                    entry, "\(file.path) is the dynamic loader, which starts every file that can be read",
                    next: "name the programs that are to start")
            } else if isChangeable(file.path) {
                refuse(
                    entry, "\(file.path) is where the server may write, so it could put another program there",
                    next: "narrow the write paths, or install the program elsewhere")
            } else {
                if !result.commands.contains(file.path) { result.commands.append(file.path) }
                record(.allowedCommands, file.path.string, entry.origin)
            }
        }
        if result.commands.isEmpty { recordNone(.allowedCommands, "no command") }
    }

    /// The file that a command's name or path leads to.
    private mutating func program(_ entry: Overrides.Entry) -> FoundFile? {
        let optional = entry.value.utf8.last == UInt8(ascii: "?")
        let name = optional ? String(entry.value.dropLast()) : entry.value
        if name.utf8.contains(UInt8(ascii: "/")) || name.hasPrefix("~") || name.hasPrefix("$") {
            return existing(entry)
        }
        guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }),
            let component = FilePath.Component(name)
        else {
            refuse(entry, "it is no name of a program", next: "write a name or a path")
            return nil
        }
        for folder in searchFolders {
            guard let file = try? context.lookup.find(folder.appending(component)) else { continue }
            if file.kind == .file && file.isExecutable { return file }
        }
        if !optional {
            let hint =
                name.utf8.contains(UInt8(ascii: " "))
                ? "give the program alone, without arguments" : "write its whole path"
            refuse(
                entry, "there is no such program in \(searchFolders.map(\.string).joined(separator: ":"))", next: hint)
        }
        return nil
    }

    mutating func resolveDevices() {
        for entry in entries(.devices) where !result.granted.isDisjoint(with: DeviceScopes.permissions) {
            guard let file = existing(entry) else { continue }
            let scopes = DeviceScopes.permissions(for: file.path.string)
            if file.kind != .characterDevice || !file.path.lies(in: "/dev") {
                refuse(entry, "\(file.path) is no character device under /dev", next: "name the device node itself")
            } else if result.granted.isDisjoint(with: scopes) {
                refuse(
                    entry,
                    "\(file.path) falls under \(scopes.map(\.shortName).joined(separator: " or ")), which is not granted",
                    next: "leave it out, or declare the permission")
            } else {
                if !result.devices.contains(file.path) { result.devices.append(file.path) }
                record(.devices, file.path.string, entry.origin)
            }
        }
        addUsualDevices()
    }

    /// Whether the operator named devices of this permission, or said that there are none.
    func isNarrowedByDevices(_ permission: Permission) -> Bool {
        overrides.emptyLists[.devices] != nil
            || entries(.devices).contains { DeviceScopes.permissions(for: $0.value).contains(permission) }
    }

    /// Cameras, microphones and speakers that nobody named are all of them.
    private mutating func addUsualDevices() {
        let wanted = Set(
            [Permission.camera, .microphone, .speaker].filter { isGranted($0) && !isNarrowedByDevices($0) })
        if wanted.isEmpty { return }
        for folder: FilePath in wanted == [.camera] ? ["/dev"] : ["/dev", "/dev/snd"] {
            for name in context.lookup.names(in: folder).sorted() {
                let path = folder.appending(name)
                guard DeviceScopes.isUsual(path.string, for: wanted), let file = try? context.lookup.find(path),
                    file.kind == .characterDevice, file.path == path, !result.devices.contains(path)
                else { continue }
                result.devices.append(path)
            }
        }
        for (permission, words) in [
            (Permission.camera, "every camera's device"), (.microphone, "every device that records"),
            (.speaker, "every device that plays"),
        ] where wanted.contains(permission) { record(.devices, words, .byDefault(words)) }
    }

    mutating func resolveLimits() {
        for entry in entries(.limits) {
            do {
                try result.limits.add(entry.value)
                record(.limits, entry.value, entry.origin)
            } catch {
                refuse(
                    entry, error.description,
                    next: "write it as in memory=2G, processes=64, files=1024, cpu=60s, fileSize=1G")
            }
        }
    }
}
