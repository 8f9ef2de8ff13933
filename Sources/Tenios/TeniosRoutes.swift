// TENIOS's wire on one screen: which path is served by which function.
package import Center
package import Web

package struct TeniosRoutes: Sendable {
    let floor: Floor

    package init(floor: Floor) { self.floor = floor }

    package func add(to routes: Routes) {}
}
