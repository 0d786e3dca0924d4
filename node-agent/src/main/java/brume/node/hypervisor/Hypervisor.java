package brume.node.hypervisor;

/// What runs guests on this node. All methods may be called from any thread, and may block the
/// caller's thread but no other guest.
public interface Hypervisor extends AutoCloseable {
  /// Brings an image's content to this node, which may take minutes the first time and nothing
  /// after that. It holds nothing of any guest, so a caller may stop waiting for it.
  void prepare(String imageSource) throws GuestRefused;

  /// Builds a guest whose image is prepared: memory mapped, kernel loaded, nothing running yet.
  /// What it built in part it has released again when it throws.
  ///
  /// @param listener told what the guest does by itself, from the time it is started
  Guest create(GuestSpec spec, GuestListener listener) throws GuestRefused;

  /// Deletes what guests of an earlier process left on this node's disk. Called before the first
  /// guest is created.
  void removeLeftovers();

  /// Ends what the driver itself runs. Every guest was destroyed before.
  @Override
  void close();
}
