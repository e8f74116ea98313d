/* article_encoding.h: the encodings in which source text may come. */
#ifndef PILCROW_DOMAIN_ARTICLES_ARTICLE_ENCODING_H
#define PILCROW_DOMAIN_ARTICLES_ARTICLE_ENCODING_H

enum article_text_encoding {
    ARTICLE_TEXT_UTF8,
    ARTICLE_TEXT_UTF8_BOM,
    ARTICLE_TEXT_UTF16LE,
    ARTICLE_TEXT_UTF16BE,
    ARTICLE_TEXT_WINDOWS1252, /* the fallback when the bytes are not UTF-8 */
};

#endif
