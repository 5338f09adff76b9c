internal import CCap

/// What the launcher itself may do. capabilities(7)
public enum Capabilities {
    /// Whether namespaces can be made without a user namespace.
    public static var canAdminister: Bool {
        guard let own = unsafe cap_get_proc() else { return false }
        defer { _ = unsafe cap_free(UnsafeMutableRawPointer(own)) }
        var value = CAP_CLEAR
        return unsafe cap_get_flag(own, CAP_SYS_ADMIN, CAP_EFFECTIVE, &value) == 0 && value == CAP_SET
    }
}
