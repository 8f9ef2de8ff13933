// Metrics as Prometheus reads them: text format 0.0.4.
public import Center

/// Writes metrics as text; the swift-prometheus library keeps values of its own, while ours are kept where they arise.
public enum PrometheusText {
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    public static func write(_ metrics: [Metric]) -> String {
        var text = ""
        for metric in metrics {
            text += "# HELP \(metric.name) \(escaped(metric.help, quoted: false))\n"
            text += "# TYPE \(metric.name) \(metric.kind.rawValue)\n"
            for sample in metric.samples {
                switch sample.value {
                case .number(let number): line(metric.name, sample.labels, number, &text)
                case .histogram(let histogram): write(histogram, metric.name, sample.labels, &text)
                }
            }
        }
        return text
    }

    private static func write(
        _ histogram: Histogram, _ name: String, _ labels: [Metric.Label], _ text: inout String
    ) {
        var below = 0
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            below += count
            line(name + "_bucket", labels + [.init("le", number(bound))], Double(below), &text)
        }
        line(name + "_bucket", labels + [.init("le", "+Inf")], Double(histogram.count), &text)
        line(name + "_sum", labels, histogram.sum, &text)
        line(name + "_count", labels, Double(histogram.count), &text)
    }

    private static func line(
        _ name: String, _ labels: [Metric.Label], _ value: Double, _ text: inout String
    ) {
        text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(escaped($0.value, quoted: true))\"" }
            text += "{" + pairs.joined(separator: ",") + "}"
        }
        text += " \(number(value))\n"
    }

    /// Whole numbers without a point.
    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? value.description
    }

    private static func escaped(_ text: String, quoted: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quoted: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
