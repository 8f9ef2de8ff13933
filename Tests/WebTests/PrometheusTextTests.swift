// The text format, to the letter. Source: Prometheus documentation, "Exposition formats", version 0.0.4.
import Center
import Testing

@testable import Web

@Suite struct PrometheusTextTests {
    @Test func numbersLabelsAndHelp() {
        let text = PrometheusText.write([
            Metric(.counter, "a_total", "Of \"things\",\nwith a \\ in it.", 12),
            Metric(.gauge, "b_seconds", "A fraction.", seconds: 0.25),
            Metric(.gauge, "c", "Labelled.", by: "which", [("x\"y\\z\n", 1), ("other", 0)]),
            Metric(.gauge, "d", "Without samples.", []),
        ])
        #expect(
            text == """
                # HELP a_total Of "things",\\nwith a \\\\ in it.
                # TYPE a_total counter
                a_total 12
                # HELP b_seconds A fraction.
                # TYPE b_seconds gauge
                b_seconds 0.25
                # HELP c Labelled.
                # TYPE c gauge
                c{which="x\\"y\\\\z\\n"} 1
                c{which="other"} 0
                # HELP d Without samples.
                # TYPE d gauge

                """)
    }

    @Test func histogramsAreSummedUpFromBelow() {
        var histogram = Histogram([0.1, 1])
        for value in [0.1, 0.25, 0.5, 2] { histogram.add(value) }
        let text = PrometheusText.write([Metric(.histogram, "h", "H.", [.init(histogram, [.init("a", "b")])])]
        )
        #expect(
            text == """
                # HELP h H.
                # TYPE h histogram
                h_bucket{a="b",le="0.1"} 1
                h_bucket{a="b",le="1"} 3
                h_bucket{a="b",le="+Inf"} 4
                h_sum{a="b"} 2.85
                h_count{a="b"} 4

                """)
    }
}
