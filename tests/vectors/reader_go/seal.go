package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/rand"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
)

// sealChunk is docs/spec/chunk.md, "Sealing", under a prefix that is given. All arguments in hex.
func sealChunk(public, kid, prefix, payload string) ([]byte, error) {
	parts := [][]byte{}
	for _, text := range []string{public, kid, prefix, payload} {
		data, err := hex.DecodeString(text)
		if err != nil {
			return nil, err
		}
		parts = append(parts, data)
	}
	recipient, err := hpke.MLKEM768X25519().NewPublicKey(parts[0])
	if err != nil {
		return nil, err
	}
	cek, salt := make([]byte, 32), make([]byte, 24)
	rand.Read(cek)
	rand.Read(salt)
	info := bytes.Join([][]byte{[]byte("cx/wrap/v1\x00"), parts[1], parts[2]}, nil)
	wrap, err := hpke.Seal(recipient, hpke.HKDFSHA256(), hpke.AES256GCM(), info, cek)
	if err != nil {
		return nil, err
	}
	context := bytes.Join([][]byte{[]byte("cx/body/v1\x00"), parts[2], wrap}, nil)
	body, err := encrypt(cek, salt, context, pad(parts[3]))
	return bytes.Join([][]byte{parts[2], wrap, body}, nil), err
}

func pad(payload []byte) []byte {
	padded := make([]byte, bucket(uint64(4+len(payload))))
	binary.BigEndian.PutUint32(padded, uint32(len(payload)))
	copy(padded[4:], payload)
	return padded
}

func encrypt(cek, salt, context, plaintext []byte) ([]byte, error) {
	info := bytes.Join([][]byte{[]byte("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00"), salt, context}, nil)
	derived, err := hkdf.Expand(sha512.New, cek, string(info), 76)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(derived[:32])
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	out := bytes.Join([][]byte{salt, derived[44:]}, nil)
	for counter := uint64(0); ; counter++ {
		end := min(len(plaintext), segment)
		nonce := bytes.Clone(derived[32:44])
		binary.BigEndian.PutUint64(nonce[4:], binary.BigEndian.Uint64(nonce[4:])^counter)
		out = aead.Seal(out, nonce, plaintext[:end], nil)
		if end < segment {
			return out, nil
		}
		plaintext = plaintext[end:]
	}
}
