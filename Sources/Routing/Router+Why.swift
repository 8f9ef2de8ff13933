// Why work waits: found for each class of work from counts, told when it changes.

extension Router {
    /// Remembers to look at a class when matching is over.
    mutating func reconsider(_ workClass: Handle<WorkClass>) {
        guard !classes[workClass].isReconsidered else { return }
        classes[workClass].isReconsidered = true
        reconsidered.append(workClass)
    }

    /// Tells what has changed in why work waits, and sends on what is stranded.
    @inline(__always)
    mutating func tellBlockages() {
        if !recounted.isEmpty || !reconsidered.isEmpty || !blocked.isEmpty { tellFound() }
    }

    private mutating func tellFound() {
        if strandable > 0 {
            findStranded()
            settleEntering()
        }
        while !recounted.isEmpty || !reconsidered.isEmpty || !blocked.isEmpty {
            if !recounted.isEmpty { lookAtRecounted() }
            if !reconsidered.isEmpty { tellReconsidered() }
            for place in 0..<blocked.count {
                let item = blocked[place]
                guard items[item].isAlive, !items[item].waitsIn.isNone else { continue }
                outputs.append(.blocked(items[item].record.id, toldBlockage(of: item)))
            }
            blocked.clear()
        }
    }

    /// Finds the classes whose agents changed their condition so that it may explain something else.
    private mutating func lookAtRecounted() {
        for place in 0..<recounted.count {
            let profile = recounted[place]
            let at = Int(profile.raw)
            guard supplies[at].isRecounted else { continue }
            supplies[at].isRecounted = false
            let present = supplies[at].present
            // Room for what these agents have no work of explains nothing.
            let flipped = present.symmetricDifference(supplies[at].seen)
                .subtracting(.free(~supplies[at].channels & 7))
            supplies[at].seen = present
            guard !flipped.isEmpty else { continue }
            guard flipped.contains(.signedIn) else {
                // What else changed concerns only what these agents may take. Matching has just seen the heads.
                settleMarks()
                for place in workMarks[at].placesToLook {
                    let workClass = workClass(of: profile, at: place)
                    if !heads[Int(workClass.raw)].isEmpty { reconsider(workClass) }
                }
                continue
            }
            // Whether anybody is signed in concerns all the work of a queue.
            for id in profiles[profile].key.queues {
                guard let queue = queueByID[id.raw], queues[queue].waiting > 0 else { continue }
                for workClass in queues[queue].classes where !classes[workClass].isEmpty {
                    reconsider(workClass)
                }
            }
        }
        recounted.clear()
    }

    /// Tells of each class to look at why its work waits, if that is no longer what was told.
    private mutating func tellReconsidered() {
        // One alone is the commonest case: no list is made of it.
        if reconsidered.count == 1 {
            if let change = changeOfBlockage(reconsidered[0]) { outputs.append(change.output) }
            return reconsidered.clear()
        }
        var found: [Output.BlockageOrder] = []
        for place in 0..<reconsidered.count {
            if let change = changeOfBlockage(reconsidered[place]) { found.append(change) }
        }
        reconsidered.clear()
        // Classes are found in the order they were made in, which a restored router does not know.
        if found.count > 1 { found.sort { $0.comesBefore($1) } }
        for change in found { outputs.append(change.output) }
    }

    /// Why the work of a class waits now, if that is no longer what was told.
    private mutating func changeOfBlockage(_ workClass: Handle<WorkClass>) -> Output.BlockageOrder? {
        guard classes[workClass].isReconsidered else { return nil }
        classes[workClass].isReconsidered = false
        guard classes[workClass].isAlive else { return nil }
        guard !classes[workClass].isEmpty else {
            classes[workClass].blockage = nil
            return nil
        }
        let blockage = blockage(of: workClass)
        guard blockage != classes[workClass].blockage else { return nil }
        classes[workClass].blockage = blockage
        let key = classes[workClass].key
        return Output.BlockageOrder(
            queue: queues[key.queue].id, channel: key.channel, skills: key.skills, blockage: blockage)
    }

    /// Queues that lost their last agent, or got work without having one.
    private mutating func findStranded() {
        var queuesFound: [Handle<QueueSlot>] = []
        for place in 0..<recounted.count {
            let profile = recounted[place]
            guard profiles[profile].isAlive, profiles[profile].signedIn == 0 else { continue }
            for id in profiles[profile].key.queues {
                if let queue = queueByID[id.raw] { queuesFound.append(queue) }
            }
        }
        for place in 0..<reconsidered.count where classes[reconsidered[place]].isAlive {
            let workClass = reconsidered[place]
            queuesFound.append(classes[workClass].key.queue)
        }
        for queue in queuesFound.sorted(by: { queues[$0].id < queues[$1].id }) { treatStranded(queue) }
        match()
    }

    /// Why an item in a line is offered to nobody now.
    func blockage(of item: Handle<ItemSlot>) -> Blockage {
        blockage(of: item, inCommon: blockage(of: items[item].waitsIn))
    }

    /// The same from what was found for its class, so that nobody's condition is looked at for work behind other work.
    private mutating func toldBlockage(of item: Handle<ItemSlot>) -> Blockage {
        // Not with `??`: a closure over the router would copy it.
        guard let common = classes[items[item].waitsIn].blockage else { return blockage(of: item) }
        return blockage(of: item, inCommon: common)
    }

    /// - Parameter common: why the work of its class waits.
    @inline(__always)
    private func blockage(of item: Handle<ItemSlot>, inCommon common: Blockage) -> Blockage {
        if common == .reofferPause {
            return items[item].record.preferred == nil ? .reofferPause : .waitsForPreferred
        }
        return common
    }

    /// Why the work of a class is offered to nobody now; `reofferPause` when only being kept aside explains it.
    @inline(__always)
    func blockage(of workClass: Handle<WorkClass>) -> Blockage {
        // All who are signed in are counted by now.
        var isAnybodySignedIn = false
        for profile in queues[classes[workClass].key.queue].profiles
        where supplies[Int(profile.raw)].present.contains(.signedIn) {
            isAnybodySignedIn = true
            break
        }
        guard isAnybodySignedIn else { return .nobodySignedIn }
        let channel = classes[workClass].key.channel
        var skilled = Supply.Kind()
        for member in classes[workClass].members {
            skilled.formUnion(supplies[Int(member.profile.raw)].present)
        }
        if !skilled.contains(.signedIn) { return .skillMissing }
        if !skilled.contains(.available) { return .nobodyAvailable }
        if skilled.contains(.free(channel)) { return .reofferPause }
        return skilled.contains(.resting) ? .inGuard : .allBusy
    }
}

extension Output {
    /// A change of why work waits, to be told in an order of its own.
    fileprivate struct BlockageOrder {
        var queue: QueueID
        var channel: Channel
        var skills: [SkillID]
        var blockage: Blockage

        var output: Output { .blockageChanged(queue, channel, skills: skills, blockage) }

        func comesBefore(_ other: BlockageOrder) -> Bool {
            if queue != other.queue { return queue < other.queue }
            if channel != other.channel { return channel.rawValue < other.channel.rawValue }
            return skills.lexicographicallyPrecedes(other.skills)
        }
    }
}
