/// What every operation of the REST door shares: problem answers, strict JSON, limits of the body,
/// pages, request ids, the contract file. It owns no rule of any feature.
@NullMarked
package brume.compute.web;

import org.jspecify.annotations.NullMarked;
