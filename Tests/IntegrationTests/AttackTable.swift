/// The attack catalogue as far as one process making one call can express it; the group letters are its own.
///
/// Files answer EACCES in plain mode and ENOENT where namespaces hide the name. Calls known to be dangerous answer
/// EPERM, calls nobody knows ENOSYS, addresses and programs EACCES, families EAFNOSUPPORT, protocols EPROTONOSUPPORT.
enum AttackTable {
    static let all: [AttackCase] =
        files + metadata + devicesAndMounts + hooks + network + sockets + unixSockets + exec + inherited + processes
        + kernel + supervisor + ordinary
}
