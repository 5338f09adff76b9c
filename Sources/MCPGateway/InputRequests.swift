import StrictJSON

/// What a result, a task or a notification of the server's asks of the client: SEP-2322, and SEP-2663 for tasks.
enum InputRequests {
    struct One {
        let method: String
        let parameters: JSONElement?
    }
    case none
    /// All of them, wherever they stand.
    case some([One])
    /// Why nobody can tell what is asked.
    case unreadable(String)

    private static let key = "inputRequests"

    /// - Parameter holder: A result, or a notification's parameters. Readers differ in where they look, so that every place counts: the object
    ///   itself, its `task`, each of its `tasks`.
    init(in holder: JSONElement) {
        guard holder.kind == .object else {
            self = .none
            return
        }
        for key in [Self.key, "task", "tasks", "resultType"] where holder.hasLookalike(of: key) {
            self = .unreadable("some readers would take a key of it for `\(key)`")
            return
        }
        var tasks: [JSONElement] = []
        for key in ["task", "tasks"] {
            guard let task = holder[key] else { continue }
            if task.kind == .array { tasks += task.elements } else { tasks.append(task) }
        }
        if tasks.contains(where: { $0.hasLookalike(of: Self.key) }) {
            self = .unreadable("some readers would take a key of its task for `\(Self.key)`")
            return
        }
        var found: [One] = []
        for place in [holder] + tasks {
            guard let asked = place[Self.key], asked.kind != .null else { continue }
            var isReadable = asked.kind == .object
            asked.forEachMember { _, request in
                guard let method = request["method"]?.string, !request.hasLookalike(of: "method"),
                    !request.hasLookalike(of: "params")
                else {
                    isReadable = false
                    return
                }
                let parameters = request["params"].flatMap { $0.kind == .object ? $0 : nil }
                found.append(One(method: method, parameters: parameters))
            }
            if !isReadable {
                self = .unreadable("the server asks for something that cannot be read")
                return
            }
        }
        self = found.isEmpty ? .none : .some(found)
    }

    var isNone: Bool { if case .none = self { true } else { false } }
}
