// The formulas themselves: the figures of the literature, and sizes at which naive ones overflow.

import Foundation
import Routing
import Simulation
import Testing

@Suite struct ErlangTests {
    @Test func `the exact figures are reproduced`() throws {
        for (n, load, blocked) in [
            (5, 3.0, 0.110054348), (10, 8, 0.121661064), (28, 24, 0.066612134), (100, 90, 0.026957380),
        ] {
            #expect(abs(erlangB(agents: n, load: load) - blocked) < 1e-9)
        }
        let c = try #require(ErlangC(perMs: 100 / 3.6e6, handlingMs: 180e3, agents: 6))
        #expect(abs(c.delayed - 0.587516450) < 1e-9)
        #expect(abs(c.meanWaitMs - 105_752.961) < 1e-3)
        #expect(abs(c.answered(withinMs: 20e3) - 0.474267181) < 1e-9)
        let a = try #require(ErlangA(perMs: 360 / 3.6e6, handlingMs: 240e3, agents: 24, patienceMs: 180e3))
        #expect(abs(a.abandoned - 0.086928127) < 1e-9)
        #expect(abs(a.meanWaitMs - 15_647.063) < 1e-3)
        #expect(abs(a.delayed - 0.493491317) < 1e-9)
        #expect(abs(a.occupancy - 0.913071873) < 1e-9)
        let limited = LimitedQueue(perMs: 9 / 180e3, handlingMs: 180e3, agents: 10, waitingMax: 10)
        #expect(abs(limited.turnedAway - 0.029510062) < 1e-9)
        #expect(abs(limited.meanWaitMs - 47_506.966) < 1e-3)
        let waits = try #require(ErlangC(perMs: 9 / 180e3, handlingMs: 180e3, agents: 10))
            .meanWaitsMs(ofClasses: [2 / 9.0, 3 / 9.0, 4 / 9.0])
        for (wait, exact) in zip(waits, [15_046.459, 30_092.919, 240_743.349]) {
            #expect(abs(wait - exact) < 1e-3)
        }
        let talkAndWrapUp = Distribution.sum([.exponential(meanMs: 120e3), .fixed(ms: 30e3)])
        let one = try #require(oneAgentWaitMs(perMs: 1 / 200e3, handling: talkAndWrapUp))
        #expect(abs(one - 369_000) < 1e-6)
    }

    @Test func `a hundred thousand agents do not overflow`() throws {
        #expect(erlangB(agents: 100_000, load: 1) == 0)
        #expect(abs(erlangB(agents: 100_000, load: 1e9) - 0.9999) < 1e-6)
        let c = try #require(ErlangC(perMs: 99_500 / 180e3, handlingMs: 180e3, agents: 100_000))
        #expect((0.05...0.1).contains(c.delayed))
        let over = try #require(
            ErlangA(perMs: 150_000 / 180e3, handlingMs: 180e3, agents: 100_000, patienceMs: 600e3))
        #expect(abs(over.abandoned - 1 / 3.0) < 1e-6)
        // Everybody waits 600 s · ln 1.5: nobody is answered in 20 s, and 1 − e^(−20/600) have given up.
        #expect(over.serviceLevel(.offered, withinMs: 20e3) < 1e-6)
        #expect(abs(over.serviceLevel(.answeredOrAbandoned, withinMs: 20e3) + expm1(-20 / 600.0)) < 1e-6)
        let full = LimitedQueue(perMs: 2, handlingMs: 100e3, agents: 100_000, waitingMax: 10_000)
        #expect(abs(full.turnedAway - 0.5) < 1e-6)
    }

    @Test func `Erlang A with endless patience is Erlang C, and with none Erlang B`() throws {
        let c = try #require(ErlangC(perMs: 0.1, handlingMs: 240, agents: 28))
        let patient = try #require(ErlangA(perMs: 0.1, handlingMs: 240, agents: 28, patienceMs: 1e11))
        #expect(abs(patient.delayed - c.delayed) < 1e-6)
        #expect(abs(patient.answeredWaitMs - c.meanWaitMs) < 1e-3)
        let within = c.answered(withinMs: 20)
        for formula in ServiceLevel.allCases {
            #expect(abs(patient.serviceLevel(formula, withinMs: 20) - within) < 1e-5, "\(formula)")
        }
        let hasty = try #require(ErlangA(perMs: 0.1, handlingMs: 240, agents: 28, patienceMs: 1e-6))
        #expect(abs(hasty.abandoned - erlangB(agents: 28, load: 24)) < 1e-6)
    }

    @Test func `too much work has no figures`() {
        #expect(ErlangC(perMs: 1, handlingMs: 10, agents: 10) == nil)
        #expect(oneAgentWaitMs(perMs: 1, handling: .fixed(ms: 1)) == nil)
    }

    @Test func `Student's quantiles are the tables'`() {
        for (degrees, quantile) in [(1, 12.7062), (4, 2.7764), (19, 2.0930), (120, 1.9799)] {
            #expect(abs(studentQuantile(0.975, degrees: degrees) - quantile) < 1e-4)
        }
    }
}
