// What the floor tells those who watch it.

import Routing

enum MetricLimits {
    /// Queues, and workspaces, that have labels of their own; those with higher ids are told together as `other`.
    static let queuesMax = 1_000
    static let workspacesMax = 200
    /// A timer that is late by less is not late: it waits for its batch.
    static let lateFromMs: Int64 = 1_000
}

extension Floor {
    /// Everything that is known now, without asking the database or the writer.
    public func metrics() -> [Metric] {
        let figures = writer.figures
        return invariants(figures.audit) + routing(figures) + writing(figures) + callbacks(figures)
            + [
                Metric(
                    .counter, "switchboard_sign_ins_total", "Sign-ins with a password, by how they ended.",
                    by: "outcome",
                    [
                        ("done", meters.signInsDone.now), ("failed", meters.signInsFailed.now),
                        ("locked", meters.signInsLocked.now),
                    ])
            ]
    }

    private func invariants(_ audit: AuditFigures) -> [Metric] {
        [
            Metric(
                .counter, "switchboard_invariant_violations_total",
                "What must never be so in a router and was found so; each round finds it again.",
                by: "invariant", zip(Invariant.allCases, audit.violations).map { ($0.rawValue, $1) }),
            Metric(
                .counter, "switchboard_audit_rounds_total",
                "Rounds of the audit over all that a workspace's router holds.", audit.rounds),
            Metric(
                .counter, "switchboard_audit_looks_total", "Pieces of such rounds, one every second.",
                audit.looks),
            Metric(
                .counter, "switchboard_audit_seconds_total", "Time of the writer that the audit took.",
                seconds: audit.seconds),
        ]
    }

    private func routing(_ figures: WriterFigures) -> [Metric] {
        let now = now
        var waiting = LabelledFigures(max: MetricLimits.queuesMax, names: ["workspace", "queue"])
        var oldest = LabelledFigures(
            max: MetricLimits.queuesMax, names: ["workspace", "queue"], joining: { max($0, $1) })
        var offers = LabelledFigures(max: MetricLimits.workspacesMax, names: ["workspace"])
        var inHand = LabelledFigures(max: MetricLimits.workspacesMax, names: ["workspace"])
        var agents = LabelledFigures(
            max: MetricLimits.workspacesMax * Presence.allCases.count, names: ["workspace", "presence"],
            kept: 1)
        for office in figures.offices {
            let workspace = office.workspace.description
            for (queue, since) in zip(office.tally.queues, office.oldest) {
                let labels = [workspace, String(queue.id.raw)]
                waiting.add(Double(queue.waiting), labels)
                oldest.add(since.map { Double(max(now - $0, 0)) / 1_000 } ?? 0, labels)
            }
            offers.add(Double(office.tally.offers), [workspace])
            inHand.add(Double(office.tally.inHand), [workspace])
            for presence in Presence.allCases {
                agents.add(
                    Double(office.tally.presences[Int(presence.rawValue)]), [workspace, presence.label])
            }
        }
        return [
            Metric(
                .gauge, "switchboard_waiting_items", "Work that waits, without what is being offered.",
                waiting.samples),
            Metric(
                .gauge, "switchboard_oldest_wait_seconds", "How long the oldest waiting work waits.",
                oldest.samples),
            Metric(.gauge, "switchboard_offers", "Offers that stand.", offers.samples),
            Metric(
                .gauge, "switchboard_items_in_hand", "Work in agents' hands, wrap-up included.",
                inHand.samples),
            Metric(.gauge, "switchboard_agents", "Agents by presence.", agents.samples),
            Metric(
                .gauge, "switchboard_timers_late_seconds",
                "How late the earliest timer of any router is, from one second on; 0 while none is.",
                seconds: lateS(now)),
        ]
    }

    private func lateS(_ now: Instant) -> Double {
        guard let due = writer.nextTimer, now.ms - due > MetricLimits.lateFromMs else { return 0 }
        return Double(now.ms - due) / 1_000
    }

    private func writing(_ figures: WriterFigures) -> [Metric] {
        let mailbox = writer.mailbox.figures
        return [
            Metric(
                .counter, "switchboard_writer_verbs_total", "Verbs that were run, by how they ended.",
                by: "outcome", [("done", figures.done), ("refused", figures.refused)]),
            Metric(
                .histogram, "switchboard_writer_batch_verbs", "Verbs in one commit.",
                [.init(figures.batchVerbs)]),
            Metric(
                .histogram, "switchboard_writer_commit_seconds", "How long commits took.",
                [.init(figures.commitSeconds)]),
            Metric(
                .counter, "switchboard_writer_faults_total", "Batches that were not committed.",
                figures.faults),
            Metric(
                .gauge, "switchboard_writer_waiting_verbs", "Verbs that wait for the writer.",
                mailbox.waiting),
            Metric(
                .counter, "switchboard_writer_refused_full_total",
                "Verbs refused because too many were waiting.", mailbox.refused),
            Metric(
                .gauge, "switchboard_store_away", "1 while writes are refused because the database is away.",
                writer.whyAway == nil ? 0 : 1),
        ]
    }

    private func callbacks(_ figures: WriterFigures) -> [Metric] {
        let ended = Metric(
            .counter, "switchboard_callbacks_total",
            "Callbacks that the receiver has, or that were given up.",
            by: "outcome", [("sent", figures.callbacksSent), ("failed", figures.callbacksFailed)])
        guard let backlog = meters.backlog.withLock({ $0 }) else { return [ended] }
        let lateMs = backlog.nextAt.map { max(now - $0, 0) } ?? 0
        return [
            ended,
            Metric(
                .gauge, "switchboard_callbacks_waiting",
                "Callbacks to be sent, now or after a pause; counted up to \(CallbackBacklog.countMax).",
                backlog.waiting),
            Metric(
                .gauge, "switchboard_callbacks_oldest_due_seconds",
                "How long the callback waits that is due the longest.", seconds: Double(lateMs) / 1_000),
        ]
    }
}

extension Presence {
    fileprivate var label: String {
        switch self {
        case .signedOut: "signed_out"
        case .signedIn: "signed_in"
        case .available: "available"
        case .unavailable: "unavailable"
        case .wrapUp: "wrap_up"
        }
    }
}
