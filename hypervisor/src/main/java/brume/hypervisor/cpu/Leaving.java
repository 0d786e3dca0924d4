package brume.hypervisor.cpu;

/// Marks an instruction behind which the flow never simply goes on, so that decoding stops there:
/// what follows may be data.
interface Leaving {}
