import Testing

@testable import YAMLText

@Suite("PyYAML's scalars")
struct PyYAMLTests {
    /// As `yaml.safe_load` of PyYAML 6.0.3 has them.
    @Test(
        "Plain scalars are what PyYAML takes them for",
        arguments: [
            ("010", .number("8")), ("017", .number("15")), ("-010", .number("-8")), ("08", .text),
            ("0_7", .number("7")),
            ("0", .number("0")), ("-0", .number("0")), ("+7", .number("7")), ("00", .number("0")), ("0_", .number("0")),
            ("1_000", .number("1000")), ("_1", .text), ("0x1F", .number("31")), ("0b11", .number("3")), ("0o17", .text),
            ("0x", .text), ("0b_", .nothing), ("99999999999999999999", .number("99999999999999999999")),
            ("0xffffffffffffffffffff", .nothing),
            ("1:30", .number("90")), ("-1:30", .number("-90")), ("1:60", .text), ("0:30", .text),
            ("1:30.5", .number("90.5")),
            ("0:30.5", .number("30.5")), ("1:30.5e+1", .text),
            ("1e3", .text), ("1.5e3", .text), ("1.5e+3", .number("1500.0")), ("1.", .number("1.0")),
            (".5", .number("0.5")),
            ("-.5", .text), ("._5", .text), ("2_0.5", .number("20.5")), ("1._5", .number("1.5")), (".", .text),
            ("1.2.3", .text),
            (".inf", .number(".inf")), ("-.INF", .number("-.inf")), (".NaN", .number(".nan")), ("nan", .text),
            ("yes", .bool(true)), ("On", .bool(true)), ("NO", .bool(false)), ("off", .bool(false)),
            ("True", .bool(true)),
            ("y", .text), ("yEs", .text), ("", .null), ("~", .null), ("NULL", .null), ("nUll", .text), ("=", .nothing),
            ("2024-01-31", .date), ("2024-1-31", .text), ("2024-1-31T1:02:03", .date),
            ("2024-01-31 01:02:03.5 +1:00", .date),
            ("2024-01-31 01:02:03.5 +01:00", .date), ("2024-01-31 x", .text), ("2024-01-31T01:02:03Z", .date),
            ("-", .text),
            ("a", .text),
        ] as [(String, YAMLScalar.PyYAMLValue)])
    func plain(text: String, value: YAMLScalar.PyYAMLValue) {
        #expect(YAMLScalar(text, .plain).pyYAML == value)
        #expect(YAMLScalar(text, .quoted).pyYAML == .text)
    }
}
