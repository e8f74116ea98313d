"""Feeds read by other people's parsers, as what they say: the same for each form."""

import calendar
import datetime
import email.utils
import html
import json
import re
import xml.etree.ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


def day_of(instant):
    return instant and instant.removesuffix("T00:00:00Z")


def paragraphs_of(content):
    """[(id, text)] out of <p id="p7">text</p> lines; None of a content that is not made of paragraphs."""
    if content.startswith("<p>"):
        return None
    found = re.findall(r'<p id="p(\d+)">(.*?)</p>', content, re.S)
    assert content == "\n".join(f'<p id="p{number}">{text}</p>' for number, text in found)
    assert not any("<" in text or ">" in text for _, text in found)
    return [(int(number), html.unescape(text)) for number, text in found]


def text_of(parent, name):
    found = parent.find(name)
    return None if found is None else found.text or ""


def read_atom(body):
    feed = xml.etree.ElementTree.fromstring(body)
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    items = []
    for entry in feed.findall(f"{ATOM}entry"):
        terms = [(category.get("scheme"), category.get("label")) for category in entry.findall(f"{ATOM}category")]
        items.append({
            "id": text_of(entry, f"{ATOM}id"),
            "title": text_of(entry, f"{ATOM}title"),
            "url": [link.get("href") for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"],
            "published": day_of(text_of(entry, f"{ATOM}published")),
            "updated": text_of(entry, f"{ATOM}updated"),
            "authors": [author.find(f"{ATOM}name").text for author in entry.findall(f"{ATOM}author")],
            "terms": [label for _, label in terms],
            "lead": text_of(entry, f"{ATOM}summary"),
            "paragraphs": paragraphs_of(text_of(entry, f"{ATOM}content"))})
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    return {"title": text_of(feed, f"{ATOM}title"), "id": text_of(feed, f"{ATOM}id"), "items": items,
            "self": links["self"], "next": links.get("next"), "previous": links.get("previous"),
            "first": links.get("first"), "updated": text_of(feed, f"{ATOM}updated")}


def read_rss(body):
    channel = xml.etree.ElementTree.fromstring(body).find("channel")
    links = {link.get("rel"): link.get("href") for link in channel.findall(f"{ATOM}link")}
    items = []
    for item in channel.findall("item"):
        date = text_of(item, "pubDate")
        assert item.find("guid").get("isPermaLink") == "false"
        if date is not None:
            parsed = email.utils.parsedate_tz(date)
            assert date == f"{calendar.day_abbr[calendar.weekday(*parsed[:3])]}, {date[5:]}", "day of the week"
            date = datetime.date(*parsed[:3]).isoformat()
        items.append({
            "id": text_of(item, "guid"), "title": text_of(item, "title"), "url": [text_of(item, "link")],
            "published": date, "authors": [author.text for author in item.findall(CREATOR)],
            "terms": [category.text for category in item.findall("category")],
            "lead": html.unescape(text_of(item, "description") or "") or None,
            "paragraphs": paragraphs_of(text_of(item, f"{CONTENT}encoded"))})
    return {"title": text_of(channel, "title"), "items": items, "self": links["self"], "next": links.get("next"),
            "previous": links.get("previous"), "first": links.get("first")}


def read_json(body):
    feed = json.loads(body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    return {"title": feed["title"], "self": feed["feed_url"], "next": feed.get("next_url"),
            "items": [{"id": item["id"], "title": item["title"], "url": [item["url"]],
                       "published": day_of(item.get("date_published")), "updated": item["date_modified"],
                       "authors": [author["name"] for author in item.get("authors", [])], "terms": item["tags"],
                       "lead": item.get("summary"), "paragraphs": paragraphs_of(item["content_html"])}
                      for item in feed["items"]]}


READERS = {"atom": read_atom, "rss": read_rss, "feed.json": read_json}


def without_forbidden(text):
    """What XML 1.0 can say of it."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)


def expected(article, base, form):
    """What a feed has to say of an article as the JSON list has it."""
    clean = (lambda text: text) if form == "feed.json" else without_forbidden
    section = [clean(article["section"]["name"])] if article["section"] else []
    item = {"title": clean(article["title"]), "url": [f"{base}/v1/articles/{article['id']}.html"],
            "published": article["published"], "authors": [clean(author["name"]) for author in article["authors"]],
            "terms": section + [clean(tag["name"]) for tag in article["tags"]], "lead": clean(article["lead"]),
            "paragraphs": [(paragraph["id"], clean(paragraph["text"])) for paragraph in article["paragraphs"]]}
    if form != "rss":
        item["updated"] = article["updated_at"]
    return item


def check_page(feed, articles, base, form):
    assert len(feed["items"]) == len(articles)
    for item, article in zip(feed["items"], articles):
        assert {name: value for name, value in item.items() if name != "id"} == expected(article, base, form)
