import SystemPackage

/// Why a path cannot be read as written.
enum PathExpansionError: Error, Hashable {
    case empty, controlCharacter, tooLong, noHome, otherUsersHome
    case unset(String)
    case unclosedBrace

    var description: String {
        switch self {
        case .empty: "the path is empty"
        case .controlCharacter: "the path holds NUL or another control character"
        case .tooLong: "the path is longer than 4096 bytes"
        case .noHome: "`~` stands for the home folder, and there is none"
        case .otherUsersHome: "`~name` is not known here"
        case .unset(let name): "the variable \(printable(name)) is not set or empty"
        case .unclosedBrace: "`${` has no `}`"
        }
    }

    var next: String {
        switch self {
        case .empty, .controlCharacter, .tooLong: "write a file or folder"
        case .noHome, .otherUsersHome: "write the whole path"
        case .unset(let name): "set \(printable(name)), or write the whole path"
        case .unclosedBrace: "close the brace, as in ${HOME}"
        }
    }
}

/// `~`, `~/...`, `$NAME` and `${NAME}` in a path.
struct PathExpansion {
    let home: FilePath?
    let variables: [String: String]

    /// - Returns: An absolute path; links, `.` and `..` are as written.
    func expand(_ text: String, in folder: FilePath) throws(PathExpansionError) -> FilePath {
        try check(text)
        let (start, rest) = try homePart(of: text)
        let path = start + (try withVariables(rest))
        try check(path)
        let written = FilePath(path)
        return written.isAbsolute ? written : folder.appending(written.components)
    }

    private func check(_ text: String) throws(PathExpansionError) {
        if text.isEmpty { throw .empty }
        if text.utf8.count > 4_096 { throw .tooLong }
        if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) { throw .controlCharacter }
    }

    private func homePart(of text: String) throws(PathExpansionError) -> (String, Substring) {
        guard text.utf8.first == UInt8(ascii: "~") else { return ("", text[...]) }
        let rest = text.dropFirst()
        if !rest.isEmpty, rest.utf8.first != UInt8(ascii: "/") { throw .otherUsersHome }
        guard let home else { throw .noHome }
        return (home.string, rest)
    }

    private func withVariables(_ text: Substring) throws(PathExpansionError) -> String {
        var output: [UInt8] = []
        var rest = text.utf8
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            output += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            var name = rest.prefix {
                isDigit($0) || $0 == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
            }
            if rest.first == UInt8(ascii: "{") {
                guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { throw .unclosedBrace }
                name = rest[rest.index(after: rest.startIndex)..<end]
                rest = rest[rest.index(after: end)...]
                if name.isEmpty { throw .unset("${}") }
            } else {
                rest = rest[name.endIndex...]
            }
            if name.isEmpty {  // a dollar sign of the file's own name
                output.append(UInt8(ascii: "$"))
                continue
            }
            guard let value = variables[String(Substring(name))], !value.isEmpty else {
                throw .unset(String(Substring(name)))
            }
            output += value.utf8
        }
        output += rest
        return String(decoding: output, as: UTF8.self)
    }
}
