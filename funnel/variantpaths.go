package funnel

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
)

// variantPaths numbers sequences of activities in the order in which they are met. A sequence is the numbers of the activities as
// varints. It is a hash table with open addressing, as one new sequence after another is what many logs are made of, and a map
// takes twice the time and memory for them. The seed of the hash is random, so that nobody can make a log whose sequences
// collide; it never shows.
type variantPaths struct {
	seed  maphash.Seed
	slots []variantSlot // a power of 2, and half of them empty at least
	text  []byte        // the sequences, one after another
	ends  []int         // of each in text
}

// variantSlot refers to a sequence by one above its number; 0 is an empty slot.
type variantSlot struct {
	hash uint32
	at   int32
}

// path returns sequence i, not to be changed.
func (t *variantPaths) path(i int) []byte {
	start := 0
	if i > 0 {
		start = t.ends[i-1]
	}
	return t.text[start:t.ends[i]]
}

// find returns the number of a sequence.
func (t *variantPaths) find(path []byte) (i int, ok bool) {
	if len(t.slots) == 0 {
		return 0, false
	}
	s := t.slot(path, uint32(maphash.Bytes(t.seed, path)))
	return int(s.at) - 1, s.at > 0
}

// number returns the number of a sequence, a new one if need be.
func (t *variantPaths) number(path []byte) (i int, isNew bool) {
	if 2*len(t.ends) >= len(t.slots) {
		t.grow()
	}
	hash := uint32(maphash.Bytes(t.seed, path))
	s := t.slot(path, hash)
	if s.at > 0 {
		return int(s.at) - 1, false
	}
	t.text = append(t.text, path...)
	t.ends = append(t.ends, len(t.text))
	*s = variantSlot{hash, int32(len(t.ends))}
	return len(t.ends) - 1, true
}

// slot returns the slot of the sequence, or the empty one in which it belongs.
func (t *variantPaths) slot(path []byte, hash uint32) *variantSlot {
	mask := uint32(len(t.slots) - 1)
	for k := hash & mask; ; k = (k + 1) & mask {
		s := &t.slots[k]
		if s.at == 0 || s.hash == hash && bytes.Equal(t.path(int(s.at)-1), path) {
			return s
		}
	}
}

func (t *variantPaths) grow() {
	old := t.slots
	if len(old) == 0 {
		t.seed = maphash.MakeSeed()
	}
	t.slots = make([]variantSlot, max(16, 2*len(old)))
	mask := uint32(len(t.slots) - 1)
	for _, s := range old {
		if s.at > 0 {
			k := s.hash & mask
			for t.slots[k].at > 0 {
				k = (k + 1) & mask
			}
			t.slots[k] = s
		}
	}
}

// firstStep returns the first activity of a sequence, and the rest.
func firstStep(path []byte) (id int32, rest []byte) {
	if path[0] < 0x80 {
		return int32(path[0]), path[1:]
	}
	v, n := binary.Uvarint(path)
	return int32(v), path[n:]
}
