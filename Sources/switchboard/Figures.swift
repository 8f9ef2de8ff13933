// Figures as the command line prints them.

import Foundation

func figure(_ value: Double, _ decimals: Int = 1) -> String { String(format: "%.\(decimals)f", value) }

func percent(_ share: Double, _ decimals: Int = 1) -> String { figure(share * 100, decimals) + " %" }

func seconds(_ ms: Double, _ decimals: Int = 1) -> String { figure(ms / 1_000, decimals) + " s" }

extension String {
    func left(_ width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
    func right(_ width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - count)) + self }
}
