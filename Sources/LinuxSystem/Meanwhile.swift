internal import Glibc
internal import Synchronization

/// A value that another thread makes while its owner does something else.
public final class Meanwhile<Value: Sendable>: Sendable {
    private let place = Place()
    /// Hangs up when the value is there; `nil` where no thread could be had.
    private let bell: SharedDescriptor?
    private let make: @Sendable () -> Value

    private final class Place: Sendable {
        let value = Mutex<Value?>(nil)
    }

    public init(_ name: String, _ make: @escaping @Sendable () -> Value) {
        self.make = make
        bell = Self.start(name, place, make)
    }

    private static func start(
        _ name: String, _ place: Place, _ make: @escaping @Sendable () -> Value
    ) -> SharedDescriptor? {
        guard let pipe = try? makePipe() else { return nil }
        let isStarted: Void? = try? SystemThread.start(name, elsewhere: true) { [writing = pipe.writing] in
            // Signals are for the threads that wait for them.
            SignalDescriptor.blockAll()
            let value = make()
            place.value.withLock { $0 = value }
            withExtendedLifetime(writing) {}
        }
        return isStarted == nil ? nil : pipe.reading
    }

    /// Waits for it; makes it here where nobody else does.
    public var value: Value {
        if let bell {
            var wait = pollfd(fd: bell.rawValue, events: Int16(POLLIN), revents: 0)
            while unsafe poll(&wait, 1, -1) == -1 && errno == EINTR {}
        }
        return place.value.withLock { $0 } ?? make()
    }
}
