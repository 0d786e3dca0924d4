/// A simulated cloud: many nodes, a bad network and restless users around the real stores, rounds
/// and endpoint of the scheduler on real PostgreSQL, in simulated time. It owns what really
/// happened (ground truth) and the judges that compare the tables with it.
package brume.scheduler.sim;
