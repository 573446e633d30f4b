package main

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// Canonical JSON of docs/spec/manifest.md: one spelling for every value, so a document that parses is the one that was signed.

var errSpelling = errors.New("not canonical JSON")

const maxDepth = 8

type parser struct {
	text string
	at   int
}

func parseObject(data []byte, longest int) (map[string]any, error) {
	if len(data) > longest || !utf8.Valid(data) {
		return nil, errSpelling
	}
	p := &parser{text: string(data)}
	value, err := p.value(1)
	if err != nil || p.at != len(p.text) {
		return nil, errSpelling
	}
	object, isObject := value.(map[string]any)
	if !isObject {
		return nil, errSpelling
	}
	return object, nil
}

func (p *parser) take(word string) bool {
	if !strings.HasPrefix(p.text[p.at:], word) {
		return false
	}
	p.at += len(word)
	return true
}

func (p *parser) value(depth int) (any, error) {
	switch {
	case p.take("true"):
		return true, nil
	case p.take("false"):
		return false, nil
	case p.take("null"):
		return nil, nil
	case p.take("{"):
		return p.object(depth)
	case p.take("["):
		return p.array(depth)
	case p.take(`"`):
		return p.string()
	}
	return p.number()
}

func (p *parser) object(depth int) (any, error) {
	object := map[string]any{}
	if depth > maxDepth {
		return nil, errSpelling
	}
	last := ""
	for first := true; ; first = false {
		if first && p.take("}") {
			return object, nil
		}
		if !p.take(`"`) {
			return nil, errSpelling
		}
		name, err := p.string()
		if err != nil || !p.take(":") || (!first && name <= last) {
			return nil, errSpelling
		}
		value, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		object[name], last = value, name
		if p.take("}") {
			return object, nil
		}
		if !p.take(",") {
			return nil, errSpelling
		}
	}
}

func (p *parser) array(depth int) (any, error) {
	array := []any{}
	if depth > maxDepth {
		return nil, errSpelling
	}
	if p.take("]") {
		return array, nil
	}
	for {
		value, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
		if p.take("]") {
			return array, nil
		}
		if !p.take(",") {
			return nil, errSpelling
		}
	}
}

// string reads up to the closing quotation mark; the opening one is taken.
func (p *parser) string() (string, error) {
	var out strings.Builder
	for p.at < len(p.text) {
		char, width := utf8.DecodeRuneInString(p.text[p.at:])
		p.at += width
		switch {
		case char == '"':
			return out.String(), nil
		case char == '\\':
			if !strings.HasPrefix(p.text[p.at:], `"`) && !strings.HasPrefix(p.text[p.at:], `\`) {
				return "", errSpelling
			}
			out.WriteByte(p.text[p.at])
			p.at++
		case forbidden(char):
			return "", errSpelling
		default:
			out.WriteRune(char)
		}
	}
	return "", errSpelling
}

func (p *parser) number() (any, error) {
	start := p.at
	var value int64
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		value = value*10 + int64(p.text[p.at]-'0')
		p.at++
		if p.at-start > 16 {
			return nil, errSpelling
		}
	}
	if p.at == start || (p.text[start] == '0' && p.at-start > 1) || value >= 1<<53 {
		return nil, errSpelling
	}
	return value, nil
}

func forbidden(char rune) bool {
	in := func(low, high rune) bool { return low <= char && char <= high }
	return in(0, 0x1f) || in(0x7f, 0x9f) || in(0x200b, 0x200f) || in(0x2028, 0x202e) || in(0x2060, 0x206f) || char == 0xfeff || in(0xfff9, 0xffff)
}
