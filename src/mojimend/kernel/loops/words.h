/* Words of ASCII among bytes of any encoding. */

#pragma once

#include "python.h"

static inline uint8_t
in_small(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

/* Tell whether a word that begins with a letter, as which it may be written here, stands in bytes. */
static int
has_word_with(const uint8_t *data, Py_ssize_t size, const uint8_t *word, Py_ssize_t length, uint8_t letter)
{
    if (size < length)
        return 0;
    const uint8_t *at = data, *end = data + size - length + 1;
    for (; at < end && (at = memchr(at, letter, end - at)) != NULL; at++) {
        Py_ssize_t same = 1;
        while (same < length && in_small(at[same]) == word[same])
            same++;
        if (same >= length)
            return 1;
    }
    return 0;
}

/* Tell whether one of some words stands in bytes, in small or capital letters: see `pure_has_word` of
   decoding/declared.py. */
static PyObject *
has_word(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *bytes, *words;
    if (!PyArg_ParseTuple(args, "SO!", &bytes, &PyTuple_Type, &words))
        return NULL;
    const uint8_t *data = (const uint8_t *)PyBytes_AS_STRING(bytes);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(words); i++) {
        PyObject *one = PyTuple_GET_ITEM(words, i);
        if (!PyBytes_Check(one) || PyBytes_GET_SIZE(one) == 0)
            return PyErr_Format(PyExc_TypeError, "words are bytes, and have letters");
        const uint8_t *word = (const uint8_t *)PyBytes_AS_STRING(one);
        Py_ssize_t size = PyBytes_GET_SIZE(bytes), length = PyBytes_GET_SIZE(one);
        if (has_word_with(data, size, word, length, word[0]) || has_word_with(data, size, word, length, word[0] ^ 0x20))
            Py_RETURN_TRUE;
    }
    Py_RETURN_FALSE;
}
