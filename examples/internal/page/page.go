// Package page lays out the reports of the examples: sections of text and tables, at most [Width] columns wide.
package page

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Width is the most columns of text in a line.
const Width = 98

// Wrap breaks text into lines of at most Width columns, the first with one
// indent and the rest with another.
func Wrap(w *bytes.Buffer, first, rest, text string) {
	line := first
	empty := true
	for word := range strings.FieldsSeq(text) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > Width {
			fmt.Fprintln(w, strings.TrimRight(line, " "))
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line += word
		empty = false
	}
	fmt.Fprintln(w, line)
}

// Bar draws a share of a width as a bar. A share that is not 0 has at least a thin one.
func Bar(share float64, width int) string {
	const parts = "▏▎▍▌▋▊▉"
	eighths := int(share*float64(8*width) + 0.5)
	if share > 0 {
		eighths = max(eighths, 1)
	}
	eighths = min(max(eighths, 0), 8*width)
	bar := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		bar += string([]rune(parts)[rest-1])
	}
	return bar
}

// Clip shortens a text to so many columns.
func Clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
