/// One input. libFuzzer's runtime asks for it by this name as well.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    Decoders.all[Int(bytes[0]) % Decoders.all.count](Array(bytes.dropFirst()))
    return 0
}
