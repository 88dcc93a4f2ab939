//! Waiting calls on this agent's screen.
import { isOver, type PhoneState } from '../state'
import { enter } from './call'
import { type EventOf, type Next, stay } from './events'

type OfferEvent = EventOf<
  | 'offered'
  | 'offer_closed'
  | 'offers_expired'
  | 'accept'
  | 'accepted'
  | 'accept_refused'
  | 'decline'
  | 'declined'
  | 'decline_failed'
>

const REMEMBERED = 50

export function offers(state: PhoneState, event: OfferEvent): Next {
  switch (event.type) {
    case 'offered': {
      const others = state.offers.filter((offer) => offer.id !== event.offer.id)
      return stay({ ...state, offers: [...others, { ...event.offer, busy: null }] })
    }
    case 'offer_closed': {
      const known = state.offers.find((offer) => offer.id === event.offerId)
      const next = without(state, event.offerId)
      // An own click in flight learns its outcome from its own answer.
      if (!known || known.busy || !event.words) return stay(next)
      return stay(next, { do: 'say', words: event.words, tone: 'plain' })
    }
    case 'offers_expired':
      return stay({ ...state, offers: state.offers.filter((offer) => !event.ids.includes(offer.id)) })
    case 'accept': {
      const offer = state.offers.find((each) => each.id === event.offerId)
      if (!offer || offer.busy || (state.active && !isOver(state.active.call))) return stay(state)
      return stay(marked(state, event.offerId, 'accepting'), { do: 'accept', offerId: event.offerId })
    }
    case 'accepted':
      return enter(without(state, event.offerId), event.call)
    case 'accept_refused':
      return stay(event.gone ? without(state, event.offerId) : marked(state, event.offerId, null), {
        do: 'say',
        words: event.words,
        tone: event.gone ? 'plain' : 'bad',
      })
    case 'decline':
      return stay(marked(state, event.offerId, 'declining'), { do: 'decline', offerId: event.offerId })
    case 'declined':
      return stay(without(state, event.offerId))
    case 'decline_failed':
      return stay(marked(state, event.offerId, null), { do: 'say', words: event.words, tone: 'bad' })
  }
}

function without(state: PhoneState, offerId: string): PhoneState {
  return {
    ...state,
    offers: state.offers.filter((offer) => offer.id !== offerId),
    closed: [...state.closed, offerId].slice(-REMEMBERED),
  }
}

function marked(state: PhoneState, offerId: string, busy: 'accepting' | 'declining' | null): PhoneState {
  return {
    ...state,
    offers: state.offers.map((offer) => (offer.id === offerId ? { ...offer, busy } : offer)),
  }
}
