/// The audit trail: who changed what, or was refused to, from where and in which request. It owns
/// the entries and how they are read, and not what is worth one: that every command says itself.
@NullMarked
package brume.compute.audit;

import org.jspecify.annotations.NullMarked;
