/// Keys that a reader may take for others: encoding/json of Go does not mind case, by Unicode's simple folding, nor does cJSON, which
/// ends a text at a zero byte besides.
public enum LookalikeKey {
    /// - Returns: What these readers compare, for keys that are ASCII otherwise.
    public static func fold(_ key: [UInt8]) -> [UInt8] {
        var folded: [UInt8] = []
        folded.reserveCapacity(key.count)
        var at = 0
        while at < key.count, key[at] != 0 {
            let byte = key[at]
            let rest = key[at...]
            // The long s and the Kelvin sign fold to ASCII. unicode.SimpleFold
            if rest.starts(with: [0xC5, 0xBF]) {
                folded.append(UInt8(ascii: "s"))
                at += 2
            } else if rest.starts(with: [0xE2, 0x84, 0xAA]) {
                folded.append(UInt8(ascii: "k"))
                at += 3
            } else {
                folded.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
                at += 1
            }
        }
        return folded
    }
}
