// Package exact is decimal arithmetic at integer speed: exact like
// shopspring/decimal, without its allocations.
//
// A Num is a coefficient times a power of ten. The coefficient lies in 128 bits
// as long as it fits; the operation that would overflow goes on in math/big, and
// its result comes back to 128 bits as soon as it fits again. So every result is
// exact, and no caller thinks about overflow. Rounding happens in Round, Fixed
// and Quo alone, once, on the exact value.
//
//	rate := exact.New(8, -2)                           // 0.08
//	due := exact.From(amount).Mul(rate)                // exact
//	pay := due.Round(2, exact.HalfUp).Decimal()        // one rounding, at the end
//	parts, err := exact.Allocate(due, weights, 2)      // when due is in whole cents
//
// # Limits
//
// Numbers that come from outside must pass Bounded first: then 128 bits hold every
// input, a product of two inputs stays small when they have 38 digits together, and
// all operations take bounded time. Exponents are int32 and add up under Mul without
// a check; bounded inputs stay below that limit for a hundred million factors. The
// arguments named places must lie within ±1,000,000.
//
// # Speed
//
// Operations on small coefficients do not allocate. Numbers of equal exponents are
// added and compared directly; others are brought to the smaller exponent first.
package exact
