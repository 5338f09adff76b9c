import CYAML

/// One of libyaml's events, copied out of its memory.
struct Event {
    enum Kind {
        case streamStart, streamEnd, documentStart, alias
        /// `width` is how many Unicode scalars it takes up in the source, with its quotes and tag.
        case scalar(YAMLScalar, width: Int)
        case sequenceStart, mappingStart
        /// Of a document, a sequence or a mapping. libyaml sees to it that they match their starts.
        case end
    }

    let kind: Kind
    let line: Int
    let column: Int
    let hasAnchor: Bool
    /// Resolved: `tag:yaml.org,2002:int` for `!!int`.
    let tag: String?

    func error(_ message: String) -> YAMLError { YAMLError(line, column, message) }
}

/// libyaml's parser over a copy of the text. The one place that touches its memory.
@safe struct EventStream: ~Copyable {
    /// Has an address of its own, since libyaml keeps pointers into it.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: ArraySlice<UInt8>) throws(YAMLError) {
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            // It has freed its own parts.
            unsafe parser.deallocate()
            throw Self.outOfMemory
        }
        // Room for one byte more: libyaml asserts that the address is not null, whatever the size.
        unsafe text = .allocate(capacity: bytes.count + 1)
        _ = unsafe text.initialize(from: bytes)
        // The text outlives the parser: both go in deinit, the parser first.
        unsafe yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
        // Else a mark of UTF-16 would be believed.
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe text.deallocate()
    }

    /// - Throws: libyaml's complaint. There is nothing to read after it, nor after the stream's end.
    mutating func next() throws(YAMLError) -> Event {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw complaint() }
        // Everything in the returned value is a copy.
        defer { unsafe yaml_event_delete(&event) }
        return try unsafe Self.copy(event)
    }

    private static func copy(_ event: yaml_event_t) throws(YAMLError) -> Event {
        // Each branch reads the member of the union that belongs to the event's type.
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: unsafe make(event, .streamStart)
        case YAML_STREAM_END_EVENT: unsafe make(event, .streamEnd)
        case YAML_DOCUMENT_START_EVENT: unsafe make(event, .documentStart)
        case YAML_DOCUMENT_END_EVENT, YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: unsafe make(event, .end)
        case YAML_ALIAS_EVENT: unsafe make(event, .alias)
        case YAML_SCALAR_EVENT:
            unsafe make(event, try scalar(event), anchor: event.data.scalar.anchor, tag: event.data.scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            unsafe make(
                event, .sequenceStart, anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            unsafe make(
                event, .mappingStart, anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag)
        default: throw unsafe error(event.start_mark, "it is no YAML")
        }
    }

    private static func scalar(_ event: yaml_event_t) throws(YAMLError) -> Event.Kind {
        let bytes = unsafe UnsafeBufferPointer(start: event.data.scalar.value, count: event.data.scalar.length)
        guard let text = unsafe String(validating: bytes, as: UTF8.self) else {
            throw unsafe error(event.start_mark, "the text is not UTF-8")
        }
        let style: YAMLScalar.Style = unsafe event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? .plain : .quoted
        return unsafe .scalar(
            YAMLScalar(text, style), width: Int(event.end_mark.index) - Int(event.start_mark.index))
    }

    private static func make(
        _ event: yaml_event_t, _ kind: Event.Kind, anchor: UnsafeMutablePointer<UInt8>? = nil,
        tag: UnsafeMutablePointer<UInt8>? = nil
    ) -> Event {
        unsafe Event(
            kind: kind, line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1,
            hasAnchor: anchor != nil,
            // Ends with a zero byte, as all names of libyaml do.
            tag: tag.map { unsafe String(cString: $0) })
    }

    private func complaint() -> YAMLError {
        // Problem and context are literals of libyaml.
        guard let problem = unsafe parser.pointee.problem, unsafe parser.pointee.error != YAML_MEMORY_ERROR else {
            return Self.outOfMemory
        }
        let start = unsafe parser.pointee.context_mark
        guard let context = unsafe parser.pointee.context.map({ unsafe String(cString: $0) }) else {
            return unsafe Self.error(parser.pointee.problem_mark, String(cString: problem))
        }
        // Mostly a pattern such as `*.example.org` without quotes.
        if context == "while scanning an alias" { return Self.error(start, Self.aliasMessage) }
        let where_ = "(\(context) that begins at \(start.line + 1):\(start.column + 1))"
        return unsafe Self.error(parser.pointee.problem_mark, "\(String(cString: problem)) \(where_)")
    }

    private static func error(_ mark: yaml_mark_t, _ message: String) -> YAMLError {
        YAMLError(Int(mark.line) + 1, Int(mark.column) + 1, message)
    }

    private static let outOfMemory = YAMLError(1, 1, "there is no memory left to read it")
    static let aliasMessage = "aliases (`*name`) are not read here; an entry that begins with `*` is written in quotes"
}
